// Functions that JavaScript lacks, each a block of its own between empty lines; export copies those that are used.

function copysign(x, y) {
  return y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x);
}

function rint(x) { // half to even: beyond 2^52 there are no fractions
  const a = Math.abs(x);
  return a < 4503599627370496 ? copysign(a + 4503599627370496 - 4503599627370496, x) : x;
}

function power(x, y) { // as in C, where 1 to any power is 1, and -1 to an infinite one
  return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y;
}

function high(x) { // the upper half of the digits (Veltkamp 1968)
  const c = x * 134217729;
  return c - (c - x);
}

function sum(terms) { // with what each addition loses (Neumaier 1974)
  let total = 0;
  let lost = 0;
  for (const x of terms) {
    const next = total + x;
    lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
    total = next;
  }
  return Number.isFinite(total) ? total + lost : total;
}

function erf(x) { // Abramowitz & Stegun 7.1.6
  const a = Math.abs(x);
  if (!(a < 0.5)) {
    return copysign(1, x) * (1 - erfc(a));
  }
  let term = 1;
  let series = 1;
  for (let n = 1; series + term !== series; n++) {
    term *= 2 * x * x / (2 * n + 1);
    series += term;
  }
  return 1.1283791670955126 * x * Math.exp(-x * x) * series;
}

function erfc(x) { // by the continued fraction of Abramowitz & Stegun 7.1.14
  if (x < 0.5) {
    return x < -0.5 ? 2 - erfc(-x) : 1 - erf(x);
  }
  if (!(x < 28)) {
    return x === x ? 0 : x;
  }
  let fraction = x;
  for (let n = 10 + Math.ceil(250 / (x * x)); n > 0; n--) {
    fraction = x + n / 2 / fraction;
  }
  const near = Math.trunc(x * 16) / 16; // whose square is exact (Cody 1969)
  return Math.exp(-near * near) * Math.exp((near - x) * (near + x)) * 0.5641895835477563 / fraction;
}

function stirling(x) { // what follows the logarithm in the series of lgamma, for x >= 12
  const z = 1 / (x * x);
  const c = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];
  return c.reduceRight((series, a) => series * z + a, 0) / x;
}

function gamma(x) {
  if (x >= 0.5 && x <= 2.5) {
    return Math.exp(lgamma(x));
  }
  if (Math.abs(x) < 0.5) {
    return x === 0 ? 1 / x : Math.exp(lgammaOfTwoAnd(x) - Math.log1p(x)) / x;
  }
  if (x < 0) {
    if (x === Math.floor(x)) {
      return NaN;
    }
    const sine = (Math.floor(x) % 2 === 0 ? 1 : -1) * Math.abs(sinPi(x));
    if (x > -170) {
      return Math.PI / (sine * gamma(1 - x));
    }
    const half = Math.exp(-lgamma(1 - x) / 2); // the gamma function itself would overflow
    return Math.PI / sine * half * half;
  }
  if (x < 12) {
    let product = 1;
    while (x > 2.5) {
      x -= 1;
      product *= x;
    }
    return product * gamma(x);
  }
  if (!(x < 172)) {
    return x === x ? Infinity : x;
  }
  const half = x ** (x / 2 - 0.25); // in two halves, for the whole would overflow
  return half * (half * Math.exp(-x)) * 2.5066282746310002 * Math.exp(stirling(x));
}

function sinPi(x) { // sin(πx) by the distance to the nearest whole number, which is exact
  const fraction = x - Math.round(x);
  return Math.abs(fraction) <= 0.25 ? Math.sin(Math.PI * fraction) : copysign(Math.cos(Math.PI * (0.5 - Math.abs(fraction))), fraction);
}

function lgamma(x) { // where it is small by a series, which keeps the digits next to the roots
  if (x === 0) {
    return Infinity;
  }
  if (x > -0.5 && x <= 2.5) {
    if (x > 1.5) {
      return lgammaOfTwoAnd(x - 2);
    }
    if (x >= 0.5) {
      return lgammaOfTwoAnd(x - 1) - Math.log1p(x - 1);
    }
    return lgammaOfTwoAnd(x) - Math.log1p(x) - Math.log(Math.abs(x));
  }
  if (x > -3 && x < -2) { // x(x+1)(x+2)(x+3) = (x²+3x+1)² - 1
    const root = x * (x + 3) + 1;
    return lgamma(x + 4) - Math.log1p(-root * root);
  }
  if (x > 2.5 && x < 12) {
    let product = 1;
    while (x > 2.5) {
      x -= 1;
      product *= x;
    }
    return Math.log(product) + lgamma(x);
  }
  if (x > -2 && x <= -0.5 && x !== -1) {
    return x > -1 ? lgamma(x + 1) - Math.log(-x) : lgamma(x + 2) - Math.log(x * (x + 1));
  }
  if (x === Infinity || x === -Infinity) {
    return Infinity;
  }
  if (x <= -2) {
    if (x === Math.floor(x)) {
      return Infinity;
    }
    return x > -20 ? Math.log(Math.abs(gamma(x))) : Math.log(Math.PI / Math.abs(sinPi(x))) - lgamma(1 - x);
  }
  return x === -1 ? Infinity : (x - 0.5) * Math.log(x) - x + 0.9189385332046728 + stirling(x);
}

function lgammaOfTwoAnd(z) { // |z| <= 1/2, Abramowitz & Stegun 6.1.33
  const series = [
    0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986,
    0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939,
    9.945751278180853e-05, -4.492623673813314e-05, 2.050721277567069e-05, -9.439488275268397e-06,
    4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07, -4.492469198764566e-07,
    2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08,
    1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09,
    5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10, -6.4229645638381e-11,
    3.1044247747322276e-11, -1.5021384080754142e-11, 7.275974480239079e-12, -3.527742476575915e-12,
  ];
  return (series.reduceRight((total, c) => (total + c) * z, 0) + 0.42278433509846713) * z;
}

function digamma(x) { // by the asymptotic series, to which the recurrence lifts (Abramowitz & Stegun 6.3)
  if (x !== x || x === -Infinity) {
    return NaN;
  }
  if (x === 0 || x === Infinity) {
    return x === 0 ? -1 / x : x;
  }
  if (x < 0) {
    const fraction = x - Math.round(x);
    return fraction === 0 ? NaN : digamma(1 - x) - Math.PI * cotPi(fraction);
  }
  const terms = [];
  let k = 0;
  while (x + k < 16) {
    terms.push(...reciprocal(x, k));
    k += 1;
  }
  x += k;
  if (k) { // from 16 to 17, where the logarithm is known to more digits than a number has
    terms.push(2.772588722239781, 9.276187255385198e-17, Math.log1p((x - 16) / 16));
  } else {
    terms.push(Math.log(x));
  }
  const square = 1 / x / x;
  let factor = square;
  [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510].forEach((b, i) => {
    terms.push(-b / (2 * i + 2) * factor);
    factor *= square;
  });
  return sum([-0.5 / x, ...terms]);
}

function reciprocal(x, k) { // -1/(x+k), and what the roundings of the sum and of the quotient lost
  const total = x + k;
  const lost = k > x ? x - (total - k) : k - (total - x);
  const quotient = 1 / total;
  if (!(total > 1e-200 && total < 1e200)) {
    return [-quotient];
  }
  const a = high(total);
  const b = high(quotient);
  const low = total - a;
  const rest = quotient - b;
  const remainder = 1 - a * b - a * rest - low * b - low * rest; // Dekker 1971
  return [-quotient, -remainder * quotient, lost * quotient * quotient];
}

function cotPi(x) { // cot(πx) for 0 < |x| <= 1/2
  return Math.abs(x) <= 0.25 ? 1 / Math.tan(Math.PI * x) : copysign(Math.tan(Math.PI * (0.5 - Math.abs(x))), x);
}

function polygamma(n, x) { // the n-th derivative of digamma
  if (!(n >= 0 && n <= 160) || n !== Math.floor(n) || x !== x) {
    return NaN;
  }
  if (n === 0) {
    return digamma(x);
  }
  const sign = n % 2 ? 1 : -1;
  if (x === Infinity || x === -Infinity) {
    return x > 0 ? 0 * sign : NaN;
  }
  if (x === 0) {
    return n % 2 ? Infinity : -1 / x;
  }
  if (x < 0) {
    const fraction = x - Math.round(x);
    if (fraction === 0) {
      return n % 2 ? Infinity : NaN;
    }
    return -sign * polygamma(n, 1 - x) - cotangent(n, fraction);
  }
  let factorial = sign;
  for (let k = 2; k <= n; k++) {
    factorial *= k;
  }
  return factorial * hurwitz(n + 1, x);
}

function cotangent(n, x) { // the n-th derivative of π·cot(πx), a polynomial in c = cot(πx): each step is -(1+c²) d/dc
  let coefficients = [0, 1];
  for (let step = 0; step < n; step++) {
    const slope = coefficients.map((a, k) => k * a).slice(1);
    coefficients = new Array(slope.length + 2).fill(0);
    slope.forEach((a, k) => {
      coefficients[k] -= a;
      coefficients[k + 2] -= a;
    });
  }
  const c = cotPi(x);
  return coefficients.reduceRight((value, a) => value * c + a, 0) * Math.PI ** (n + 1);
}

function hurwitz(s, x) { // sum of (x+k)^-s over k >= 0, by Euler and Maclaurin (DLMF 25.11.43)
  const terms = [];
  while (x < 12 + s) {
    terms.push(x ** -s);
    x += 1;
  }
  terms.push(x ** (1 - s) / (s - 1), 0.5 * x ** -s);
  let factor = s * x ** (-s - 1);
  [
    1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6,
    -3617 / 510, 43867 / 798, -174611 / 330, 854513 / 138, -236364091 / 2730, 8553103 / 6,
  ].forEach((b, i) => {
    const k = i + 1;
    factor /= k === 1 ? 2 : 2 * k * (2 * k - 1);
    terms.push(b * factor);
    factor *= (s + 2 * k - 1) * (s + 2 * k) / (x * x);
  });
  return sum(terms);
}
