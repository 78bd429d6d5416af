// Functions that Rust lacks, each a block of its own between empty lines; export copies those that are used.

/// The largest, of equal numbers the first; nan where one is.
fn circuit_max(x: f64, y: f64) -> f64 {
    if x.is_nan() || y <= x { x } else { y }
}

/// The smallest, likewise.
fn circuit_min(x: f64, y: f64) -> f64 {
    if x.is_nan() || y >= x { x } else { y }
}

/// By the logarithm of 1 + t, which keeps the digits next to 1.
fn circuit_acosh(x: f64) -> f64 {
    let t = x - 1.0;
    if x > 1e150 { x.ln() + 0.6931471805599453 } else { (t + t.sqrt() * (x + 1.0).sqrt()).ln_1p() }
}

/// The upper half of the digits (Veltkamp 1968).
fn circuit_high(x: f64) -> f64 {
    let c = x * 134217729.0;
    c - (c - x)
}

/// A sum with what each addition loses (Neumaier 1974).
fn circuit_sum(terms: &[f64]) -> f64 {
    let (mut total, mut lost) = (0.0, 0.0);
    for &x in terms {
        let next: f64 = total + x;
        lost += if f64::abs(total) >= x.abs() { total - next + x } else { x - next + total };
        total = next;
    }
    if total.is_finite() { total + lost } else { total }
}

/// Abramowitz & Stegun 7.1.6.
fn circuit_erf(x: f64) -> f64 {
    let a = x.abs();
    if a.is_nan() || a >= 0.5 {
        return (1.0 - circuit_erfc(a)).copysign(x);
    }
    let (mut term, mut series) = (1.0, 1.0);
    for n in 1..40 {
        term *= 2.0 * x * x / f64::from(2 * n + 1);
        series += term;
    }
    1.1283791670955126 * x * (-x * x).exp() * series
}

/// By the continued fraction of Abramowitz & Stegun 7.1.14.
fn circuit_erfc(x: f64) -> f64 {
    if x < 0.5 {
        return if x < -0.5 { 2.0 - circuit_erfc(-x) } else { 1.0 - circuit_erf(x) };
    }
    if x.is_nan() || x >= 28.0 {
        return if x.is_nan() { x } else { 0.0 };
    }
    let mut fraction = x;
    for n in (1..=10 + (250.0 / (x * x)) as i32 + 1).rev() {
        fraction = x + f64::from(n) / 2.0 / fraction;
    }
    let near = (x * 16.0).trunc() / 16.0; // whose square is exact (Cody 1969)
    (-near * near).exp() * ((near - x) * (near + x)).exp() * 0.5641895835477563 / fraction
}

/// What follows the logarithm in the series of lgamma, for x >= 12.
fn circuit_stirling(x: f64) -> f64 {
    let z = 1.0 / (x * x);
    let c = [
        1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360360.0, 1.0 / 156.0,
        -3617.0 / 122400.0,
    ];
    c.iter().rev().fold(0.0, |series, a| series * z + a) / x
}

/// sin(pi x) by the distance to the nearest whole number, which is exact.
fn circuit_sin_pi(x: f64) -> f64 {
    let fraction = x - x.round();
    if fraction.abs() <= 0.25 {
        (std::f64::consts::PI * fraction).sin()
    } else {
        (std::f64::consts::PI * (0.5 - fraction.abs())).cos().copysign(fraction)
    }
}

/// lgamma(2 + z) for |z| <= 1/2 (Abramowitz & Stegun 6.1.33).
fn circuit_lgamma_of_two_and(z: f64) -> f64 {
    let series = [
        0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986,
        0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939,
        9.945751278180853e-05, -4.492623673813314e-05, 2.050721277567069e-05, -9.439488275268397e-06,
        4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07, -4.492469198764566e-07,
        2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08,
        1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09,
        5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10, -6.4229645638381e-11,
        3.1044247747322276e-11, -1.5021384080754142e-11, 7.275974480239079e-12, -3.527742476575915e-12,
    ];
    (series.iter().rev().fold(0.0, |total, c| (total + c) * z) + 0.42278433509846713) * z
}

/// log|gamma(x)|: where it is small by a series, which keeps the digits next to the roots.
fn circuit_lgamma(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x == 0.0 || x == -1.0 || x.is_infinite() {
        return f64::INFINITY;
    }
    if x > -0.5 && x <= 2.5 {
        if x > 1.5 {
            return circuit_lgamma_of_two_and(x - 2.0);
        }
        if x >= 0.5 {
            return circuit_lgamma_of_two_and(x - 1.0) - (x - 1.0).ln_1p();
        }
        return circuit_lgamma_of_two_and(x) - x.ln_1p() - x.abs().ln();
    }
    if x > -3.0 && x < -2.0 {
        let root = x * (x + 3.0) + 1.0; // x(x+1)(x+2)(x+3) = (x^2+3x+1)^2 - 1
        return circuit_lgamma(x + 4.0) - (-root * root).ln_1p();
    }
    if x > 2.5 && x < 12.0 {
        let (mut low, mut product) = (x, 1.0f64);
        while low > 2.5 {
            low -= 1.0;
            product *= low;
        }
        return product.ln() + circuit_lgamma(low);
    }
    if x > -1.0 && x <= -0.5 {
        return circuit_lgamma(x + 1.0) - (-x).ln();
    }
    if x > -2.0 && x <= -0.5 {
        return circuit_lgamma(x + 2.0) - (x * (x + 1.0)).ln();
    }
    if x <= -2.0 {
        if x == x.floor() {
            return f64::INFINITY;
        }
        return if x > -20.0 {
            circuit_gamma(x).abs().ln()
        } else {
            (std::f64::consts::PI / circuit_sin_pi(x).abs()).ln() - circuit_lgamma(1.0 - x)
        };
    }
    (x - 0.5) * x.ln() - x + 0.9189385332046728 + circuit_stirling(x)
}

fn circuit_gamma(x: f64) -> f64 {
    if (0.5..=2.5).contains(&x) {
        return circuit_lgamma(x).exp();
    }
    if x.abs() < 0.5 {
        return if x == 0.0 { 1.0 / x } else { (circuit_lgamma_of_two_and(x) - x.ln_1p()).exp() / x };
    }
    if x < 0.0 {
        if x == x.floor() {
            return f64::NAN;
        }
        let sine = circuit_sin_pi(x).abs() * if x.floor() % 2.0 == 0.0 { 1.0 } else { -1.0 };
        if x > -170.0 {
            return std::f64::consts::PI / (sine * circuit_gamma(1.0 - x));
        }
        let half = (-circuit_lgamma(1.0 - x) / 2.0).exp(); // the gamma function itself would overflow
        return std::f64::consts::PI / sine * half * half;
    }
    if x < 12.0 {
        let (mut low, mut product) = (x, 1.0);
        while low > 2.5 {
            low -= 1.0;
            product *= low;
        }
        return product * circuit_gamma(low);
    }
    if x.is_nan() || x >= 172.0 {
        return if x.is_nan() { x } else { f64::INFINITY };
    }
    let half = x.powf(x / 2.0 - 0.25); // in two halves, for the whole would overflow
    half * (half * (-x).exp()) * 2.5066282746310002 * circuit_stirling(x).exp()
}

/// cot(pi x) for 0 < |x| <= 1/2.
fn circuit_cot_pi(x: f64) -> f64 {
    if x.abs() <= 0.25 {
        1.0 / (std::f64::consts::PI * x).tan()
    } else {
        (std::f64::consts::PI * (0.5 - x.abs())).tan().copysign(x)
    }
}

/// -1/(x+k), and what the roundings of the sum and of the quotient lost.
fn circuit_reciprocal(x: f64, k: f64) -> [f64; 3] {
    let total = x + k;
    let lost = if k > x { x - (total - k) } else { k - (total - x) };
    let quotient = 1.0 / total;
    if !(total > 1e-200 && total < 1e200) {
        return [-quotient, 0.0, 0.0];
    }
    let (a, b) = (circuit_high(total), circuit_high(quotient));
    let (low, rest) = (total - a, quotient - b);
    let remainder = 1.0 - a * b - a * rest - low * b - low * rest; // Dekker 1971
    [-quotient, -remainder * quotient, lost * quotient * quotient]
}

/// By the asymptotic series, to which the recurrence lifts (Abramowitz & Stegun 6.3).
fn circuit_digamma(x: f64) -> f64 {
    if x.is_nan() || x == f64::NEG_INFINITY {
        return f64::NAN;
    }
    if x == 0.0 || x == f64::INFINITY {
        return if x == 0.0 { -1.0 / x } else { x };
    }
    if x < 0.0 {
        let fraction = x - x.round();
        let reflected = std::f64::consts::PI * circuit_cot_pi(fraction);
        return if fraction == 0.0 { f64::NAN } else { circuit_digamma(1.0 - x) - reflected };
    }
    let (mut terms, mut k) = (vec![], 0.0);
    while x + k < 16.0 {
        terms.extend(circuit_reciprocal(x, k));
        k += 1.0;
    }
    let far = x + k;
    if k > 0.0 {
        // from 16 to 17, where the logarithm is known to more digits than a number has
        terms.extend([2.772588722239781, 9.276187255385198e-17, ((far - 16.0) / 16.0).ln_1p()]);
    } else {
        terms.push(far.ln());
    }
    let square = 1.0 / far / far;
    let (mut factor, mut n) = (square, 0.0);
    let bernoulli = [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0, 7.0 / 6.0, -3617.0 / 510.0];
    for b in bernoulli {
        n += 2.0;
        terms.push(-b / n * factor);
        factor *= square;
    }
    terms.push(-0.5 / far);
    circuit_sum(&terms)
}

/// The sum of (x+k)^-s over k >= 0, by Euler and Maclaurin (DLMF 25.11.43).
fn circuit_hurwitz(s: f64, x: f64) -> f64 {
    let (mut terms, mut x) = (vec![], x);
    while x < 12.0 + s {
        terms.push(x.powf(-s));
        x += 1.0;
    }
    terms.extend([x.powf(1.0 - s) / (s - 1.0), 0.5 * x.powf(-s)]);
    let (mut factor, mut k) = (s * x.powf(-s - 1.0), 0.0);
    let bernoulli = [
        1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0, 7.0 / 6.0,
        -3617.0 / 510.0, 43867.0 / 798.0, -174611.0 / 330.0, 854513.0 / 138.0, -236364091.0 / 2730.0, 8553103.0 / 6.0,
    ];
    for b in bernoulli {
        k += 1.0;
        factor /= if k == 1.0 { 2.0 } else { 2.0 * k * (2.0 * k - 1.0) };
        terms.push(b * factor);
        factor *= (s + 2.0 * k - 1.0) * (s + 2.0 * k) / (x * x);
    }
    circuit_sum(&terms)
}

/// The n-th derivative of pi cot(pi x), a polynomial in c = cot(pi x): each step is -(1+c^2) d/dc.
fn circuit_cotangent(n: f64, x: f64) -> f64 {
    let mut coefficients = vec![0.0, 1.0];
    for _ in 0..n as usize {
        let mut next = vec![0.0; coefficients.len() + 1];
        let mut power = 0.0;
        for k in 1..coefficients.len() {
            power += 1.0;
            next[k - 1] -= power * coefficients[k];
            next[k + 1] -= power * coefficients[k];
        }
        coefficients = next;
    }
    let c = circuit_cot_pi(x);
    coefficients.iter().rev().fold(0.0, |value, a| value * c + a) * std::f64::consts::PI.powf(n + 1.0)
}

/// The n-th derivative of digamma.
fn circuit_polygamma(n: f64, x: f64) -> f64 {
    if !(0.0..=160.0).contains(&n) || n != n.floor() || x.is_nan() {
        return f64::NAN;
    }
    if n == 0.0 {
        return circuit_digamma(x);
    }
    let odd = n % 2.0 == 1.0;
    let sign = if odd { 1.0 } else { -1.0 };
    if x.is_infinite() {
        return if x > 0.0 { 0.0 * sign } else { f64::NAN };
    }
    if x == 0.0 {
        return if odd { f64::INFINITY } else { -1.0 / x };
    }
    if x < 0.0 {
        let fraction = x - x.round();
        if fraction == 0.0 {
            return if odd { f64::INFINITY } else { f64::NAN };
        }
        return -sign * circuit_polygamma(n, 1.0 - x) - circuit_cotangent(n, fraction);
    }
    let (mut factorial, mut k) = (sign, 2.0);
    while k <= n {
        factorial *= k;
        k += 1.0;
    }
    factorial * circuit_hurwitz(n + 1.0, x)
}
