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

function root(f, start) { // where f, which answers its value and its slope, is 0; NaN where none is found
  const tiny = 2 ** -49;
  let [x, moved, before, last, found] = [start, 0, Infinity, Infinity, false];
  let [y, slope] = f(x);
  let least = Math.abs(y);
  const sides = new Map();
  for (let i = 0; i < 1500; i++) {
    if (y === 0) {
      const arrives = moved <= 0.9 * before || moved <= 2 ** -20 * Math.abs(x);
      return slope !== 0 || arrives ? x : NaN;
    }
    if (!Number.isFinite(y) || !Number.isFinite(x)) {
      return NaN;
    }
    sides.set(y > 0, x);
    if (sides.size === 2 && !found) {
      found = true;
      least = Math.abs(y);
    }
    const newton = -(y / slope);
    const steps = Number.isFinite(newton);
    if (found) {
      const [below, above] = [sides.get(false), sides.get(true)];
      const [low, high] = [Math.min(below, above), Math.max(below, above)];
      let step = newton;
      let next = steps ? x + step : low;
      if (next !== x || !steps) {
        if (!(low < next && next < high) || Math.abs(step) > 0.5 * last) {
          next = below + (above - below) * 0.5;
          step = next - x;
        }
        if (low < next && next < high) {
          const [value, its] = f(next);
          if (Math.abs(step) > tiny * Math.abs(x) || Math.abs(value) < Math.abs(y)) {
            [x, y, slope, last] = [next, value, its, Math.abs(step)];
            continue;
          }
        }
      }
      return Math.abs(y) < least || Math.abs(newton) <= tiny * Math.abs(x) ? x : NaN;
    }
    let nearer = steps ? rootNearer(f, x, y, newton) : null;
    if (nearer === null && Math.abs(newton) <= tiny * Math.abs(x)) {
      return x;
    }
    nearer = nearer ?? rootAcross(f, x, y);
    if (nearer === null) {
      return NaN;
    }
    [moved, before] = [Math.abs(nearer[0] - x), moved];
    [x, y, slope] = nearer;
  }
  return NaN;
}

function rootNearer(f, x, y, step) { // the point as far along a step as the value is less, or has the other sign
  for (let i = 0; i < 60; i++) {
    const next = x + step;
    if (next === x) {
      return null;
    }
    const [value, slope] = f(next);
    if (Number.isFinite(value) && (Math.abs(value) < Math.abs(y) || value > 0 !== y > 0)) {
      return [next, value, slope];
    }
    if (Math.abs(step) <= 2 ** -49 * Math.abs(x)) {
      return null;
    }
    step *= 0.5;
  }
  return null;
}

function rootAcross(f, x, y) { // the nearest point of some to both sides at which the value has the other sign
  let far = 2 ** -6 * Math.max(Math.abs(x), 1);
  for (let i = 0; i < 60; i++) {
    for (const next of [x + far, x - far]) {
      const [value, slope] = f(next);
      if (Number.isFinite(value) && value > 0 !== y > 0) {
        return [next, value, slope];
      }
    }
    far *= 1.5;
  }
  return null;
}

function integral(f, first, last) { // tanh-sinh and exp-sinh; NaN where the sums do not come to agree
  if (first !== first || last !== last) {
    return NaN;
  }
  if (first === last) {
    return 0;
  }
  if (last < first) {
    return -integral(f, last, first);
  }
  const seen = [];
  const [total, lost] = integralOver(f, [first, last], seen);
  let top = 0;
  let at = 0;
  for (const [height, x] of seen) {
    if (height > top || (height === top && x > at)) {
      [top, at] = [height, x];
    }
  }
  let low = -Infinity;
  let high = Infinity;
  for (const [, x] of seen) {
    low = x < at && x > low ? x : low;
    high = x > at && x < high ? x : high;
  }
  if (top === 0 || low === -Infinity || high === Infinity) {
    return total;
  }
  const [height, x] = highestBetween(f, low, high); // a peak that the sums may have passed by
  return height < Infinity && (lost || 2 * top < height) ? integralOver(f, [first, x, last], [])[0] : total;
}

function integralOver(f, places, seen) { // over the ranges between places, halved as often as it takes
  const waiting = [];
  for (let i = places.length - 2; i >= 0; i--) {
    waiting.push([places[i], places[i + 1], 0]);
  }
  let whole = NaN;
  const totals = [];
  const sizes = [];
  while (waiting.length) {
    const [low, high, depth] = waiting.pop();
    if (low === -Infinity && high === Infinity) {
      waiting.push([low, 0, depth], [0, high, depth]);
      continue;
    }
    const [total, size, good] = integralOfRange(f, low, high, whole, seen);
    whole = whole !== whole || (whole < size && size < Infinity) ? size : whole;
    if (good) {
      totals.push(total);
      sizes.push(size);
      continue;
    }
    let middle = low + 0.5 * (high - low);
    if (high === Infinity) {
      middle = low + Math.max(Math.abs(low), 1);
    } else if (low === -Infinity) {
      middle = high - Math.max(Math.abs(high), 1);
    }
    if (depth === 100 || seen.length > 300000 || !(low < middle && middle < high)) {
      return [NaN, false];
    }
    waiting.push([middle, high, depth + 1], [low, middle, depth + 1]);
  }
  return [sum(totals), sum(sizes) < 0.7 * whole];
}

function integralOfRange(f, low, high, whole, seen) { // and that of the size, and whether two sums agree
  const close = 2 ** -46;
  const infinite = high === Infinity || low === -Infinity;
  const terms = [];
  const ends = [Infinity, Infinity];
  const found = [false, false];
  let [edge, size, before, h] = [0, 0, NaN, 1];
  for (let level = 0; level < 7; level++, h *= 0.5) {
    for (const side of [0, 1]) {
      let [calm, previous] = [0, 0];
      for (let t = level ? h : side; t <= 6.087 && t <= ends[side]; t += level ? 2 * h : 1) {
        const s = 0.5 * (Math.PI * Math.sinh(t));
        const c = 0.5 * (Math.PI * Math.cosh(t));
        let near = Math.exp(side ? s : -s);
        let weight = c * near;
        let x = high === Infinity ? low + near : high - near;
        if (!infinite) {
          near = 1 / (1 + Math.exp(2 * s));
          weight = 2 * c * near * (1 - near) * (high - low);
          x = side ? high - (high - low) * near : low + (high - low) * near;
        }
        const value = f(x);
        const term = value * weight;
        if (!Number.isFinite(term)) {
          if (t < 1) {
            return [0, size, false];
          }
          ends[side] = t;
          edge += Math.abs(previous);
          break;
        }
        seen.push([Math.abs(value), x]);
        terms.push(term);
        size += Math.abs(term);
        found[side] = found[side] || Math.abs(term) > close * size;
        calm = found[side] && Math.abs(term) <= close * 1e-4 * size ? calm + 1 : 0;
        previous = term;
        if (calm === 4 && t > 2) {
          ends[side] = t;
          break;
        }
      }
    }
    const total = sum(terms) * h;
    const scale = whole >= size * h ? whole : size * h;
    if (level >= 3 && Math.abs(total - before) <= close * scale && edge <= close * scale) {
      return [total, size * h, true];
    }
    before = total;
  }
  return [before, 2 * size * h, false];
}

function highestBetween(f, low, high) { // the greatest size and its place, by golden sections (Kiefer 1953)
  const part = 0.5 * (Math.sqrt(5) - 1);
  let [left, right] = [high - part * (high - low), low + part * (high - low)];
  let [atLeft, atRight] = [Math.abs(f(left)), Math.abs(f(right))];
  for (let i = 0; i < 90 && low < left && left < right && right < high; i++) {
    if (atLeft >= atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - part * (high - low);
      atLeft = Math.abs(f(left));
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + part * (high - low);
      atRight = Math.abs(f(right));
    }
  }
  return atLeft >= atRight ? [atLeft, left] : [atRight, right];
}
