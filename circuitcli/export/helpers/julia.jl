# Functions that Julia lacks, or that raise errors outside their domains, each a block of its own between empty lines;
# export copies those that are used.

"The largest, of equal numbers the first; NaN where one is."
function circuit_max(x, y)
    return ifelse(isnan(x) || y <= x, x, y)
end

"The smallest, likewise."
function circuit_min(x, y)
    return ifelse(isnan(x) || y >= x, x, y)
end

function circuit_sqrt(x)
    return x < 0.0 ? NaN : sqrt(x)
end

function circuit_log(x)
    return x < 0.0 ? NaN : log(x)
end

function circuit_log2(x)
    return x < 0.0 ? NaN : log2(x)
end

function circuit_log10(x)
    return x < 0.0 ? NaN : log10(x)
end

function circuit_log1p(x)
    return x < -1.0 ? NaN : log1p(x)
end

function circuit_sin(x)
    return isinf(x) ? NaN : sin(x)
end

function circuit_cos(x)
    return isinf(x) ? NaN : cos(x)
end

function circuit_tan(x)
    return isinf(x) ? NaN : tan(x)
end

function circuit_asin(x)
    return abs(x) > 1.0 ? NaN : asin(x)
end

function circuit_acos(x)
    return abs(x) > 1.0 ? NaN : acos(x)
end

function circuit_acosh(x)
    return x < 1.0 ? NaN : acosh(x)
end

function circuit_atanh(x)
    return abs(x) > 1.0 ? NaN : atanh(x)
end

"As in C: of a negative number only whole powers are numbers."
function circuit_pow(x, y)
    return x < 0.0 && isfinite(x) && y != floor(y) ? NaN : x^y
end

"The upper half of the digits (Veltkamp 1968)."
function circuit_high(x)
    c = x * 134217729.0
    return c - (c - x)
end

"A sum with what each addition loses (Neumaier 1974)."
function circuit_sum(terms)
    total = 0.0
    lost = 0.0
    for x in terms
        next = total + x
        lost += ifelse(abs(total) >= abs(x), total - next + x, x - next + total)
        total = next
    end
    return isfinite(total) ? total + lost : total
end

"Abramowitz & Stegun 7.1.6."
function circuit_erf(x)
    a = abs(x)
    if !(a < 0.5)
        return copysign(1.0 - circuit_erfc(a), x)
    end
    term = 1.0
    series = 1.0
    for n in 1:40
        term *= 2.0 * x * x / (2 * n + 1)
        series += term
    end
    return 1.1283791670955126 * x * exp(-x * x) * series
end

"By the continued fraction of Abramowitz & Stegun 7.1.14."
function circuit_erfc(x)
    if x < 0.5
        return x < -0.5 ? 2.0 - circuit_erfc(-x) : 1.0 - circuit_erf(x)
    end
    if !(x < 28.0)
        return isnan(x) ? x : 0.0
    end
    fraction = x
    for n in Int(11 + floor(250.0 / (x * x))):-1:1
        fraction = x + n / 2.0 / fraction
    end
    near = trunc(x * 16.0) / 16.0 # whose square is exact (Cody 1969)
    return exp(-near * near) * exp((near - x) * (near + x)) * 0.5641895835477563 / fraction
end

"What follows the logarithm in the series of lgamma, for x >= 12."
function circuit_stirling(x)
    z = 1.0 / (x * x)
    total = 0.0
    for c in [-3617 / 122400, 1 / 156, -691 / 360360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12]
        total = total * z + c
    end
    return total / x
end

"sin(pi x) by the distance to the nearest whole number, which is exact."
function circuit_sin_pi(x)
    fraction = x - round(x)
    if abs(fraction) <= 0.25
        return sin(3.141592653589793 * fraction)
    end
    return copysign(cos(3.141592653589793 * (0.5 - abs(fraction))), fraction)
end

"lgamma(2 + z) for |z| <= 1/2 (Abramowitz & Stegun 6.1.33)."
function circuit_lgamma_of_two_and(z)
    total = 0.0
    for c in [
        -3.527742476575915e-12, 7.275974480239079e-12, -1.5021384080754142e-11, 3.1044247747322276e-11,
        -6.4229645638381e-11, 1.330476437424449e-10, -2.7595228851242334e-10, 5.731367241678862e-10,
        -1.1921401405860912e-09, 2.4836745438024785e-09, -5.183475041970047e-09, 1.0838659214896955e-08,
        -2.2711094608943164e-08, 4.7698101693639804e-08, -1.0043224823968099e-07, 2.1207184805554665e-07,
        -4.492469198764566e-07, 9.55141213040742e-07, -2.039215753801366e-06, 4.374866789907488e-06,
        -9.439488275268397e-06, 2.050721277567069e-05, -4.492623673813314e-05, 9.945751278180853e-05,
        -0.00022315475845357939, 0.0005096695247430425, -0.001192753911703261, 0.0028905103307415234,
        -0.007385551028673986, 0.020580808427784546, -0.0673523010531981, 0.3224670334241132,
    ]
        total = (total + c) * z
    end
    return (total + 0.42278433509846713) * z
end

"log|gamma(x)|: where it is small by a series, which keeps the digits next to the roots."
function circuit_lgamma(x)
    if isnan(x)
        return x
    end
    if x == 0.0 || x == -1.0 || isinf(x)
        return Inf
    end
    if x > 1.5 && x <= 2.5
        return circuit_lgamma_of_two_and(x - 2.0)
    end
    if x >= 0.5 && x <= 1.5
        return circuit_lgamma_of_two_and(x - 1.0) - log1p(x - 1.0)
    end
    if x > -0.5 && x < 0.5
        return circuit_lgamma_of_two_and(x) - log1p(x) - log(abs(x))
    end
    if x > -3.0 && x < -2.0
        root = x * (x + 3.0) + 1.0 # x(x+1)(x+2)(x+3) = (x^2+3x+1)^2 - 1
        return circuit_lgamma(x + 4.0) - log1p(-root * root)
    end
    if x > 2.5 && x < 12.0
        product = 1.0
        while x > 2.5
            x -= 1.0
            product *= x
        end
        return log(product) + circuit_lgamma(x)
    end
    if x > -1.0 && x <= -0.5
        return circuit_lgamma(x + 1.0) - log(-x)
    end
    if x > -2.0 && x <= -0.5
        return circuit_lgamma(x + 2.0) - log(x * (x + 1.0))
    end
    if x <= -2.0
        if x == floor(x)
            return Inf
        end
        if x > -20.0
            return log(abs(circuit_gamma(x)))
        end
        return log(3.141592653589793 / abs(circuit_sin_pi(x))) - circuit_lgamma(1.0 - x)
    end
    return (x - 0.5) * log(x) - x + 0.9189385332046728 + circuit_stirling(x)
end

function circuit_gamma(x)
    if x >= 0.5 && x <= 2.5
        return exp(circuit_lgamma(x))
    end
    if x == 0.0
        return 1.0 / x
    end
    if abs(x) < 0.5
        return exp(circuit_lgamma_of_two_and(x) - log1p(x)) / x
    end
    if x < 0.0
        if x == floor(x)
            return NaN
        end
        sine = ifelse(rem(floor(x), 2.0) == 0.0, 1.0, -1.0) * abs(circuit_sin_pi(x))
        if x > -170.0
            return 3.141592653589793 / (sine * circuit_gamma(1.0 - x))
        end
        half = exp(-circuit_lgamma(1.0 - x) / 2.0) # the gamma function itself would overflow
        return 3.141592653589793 / sine * half * half
    end
    if x < 12.0
        product = 1.0
        while x > 2.5
            x -= 1.0
            product *= x
        end
        return product * circuit_gamma(x)
    end
    if !(x < 172.0)
        return isnan(x) ? x : Inf
    end
    half = x^(x / 2.0 - 0.25) # in two halves, for the whole would overflow
    return half * (half * exp(-x)) * 2.5066282746310002 * exp(circuit_stirling(x))
end

"cot(pi x) for 0 < |x| <= 1/2."
function circuit_cot_pi(x)
    if abs(x) <= 0.25
        return 1.0 / tan(3.141592653589793 * x)
    end
    return copysign(tan(3.141592653589793 * (0.5 - abs(x))), x)
end

"-1/(x+k), and what the roundings of the sum and of the quotient lost."
function circuit_reciprocal(x, k)
    total = x + k
    lost = ifelse(k > x, x - (total - k), k - (total - x))
    quotient = 1.0 / total
    if !(total > 1e-200 && total < 1e200)
        return [-quotient, 0.0, 0.0]
    end
    a = circuit_high(total)
    b = circuit_high(quotient)
    low = total - a
    rest = quotient - b
    remainder = 1.0 - a * b - a * rest - low * b - low * rest # Dekker 1971
    return [-quotient, -remainder * quotient, lost * quotient * quotient]
end

"By the asymptotic series, to which the recurrence lifts (Abramowitz & Stegun 6.3)."
function circuit_digamma(x)
    if isnan(x) || x == -Inf
        return NaN
    end
    if x == 0.0
        return -1.0 / x
    end
    if x == Inf
        return x
    end
    if x < 0.0
        fraction = x - round(x)
        if fraction == 0.0
            return NaN
        end
        return circuit_digamma(1.0 - x) - 3.141592653589793 * circuit_cot_pi(fraction)
    end
    terms = [0.0]
    k = 0.0
    while x + k < 16.0
        append!(terms, circuit_reciprocal(x, k))
        k += 1.0
    end
    far = x + k
    if k > 0.0 # from 16 to 17, where the logarithm is known to more digits than a number has
        append!(terms, [2.772588722239781, 9.276187255385198e-17, log1p((far - 16.0) / 16.0)])
    else
        append!(terms, [log(far)])
    end
    square = 1.0 / far / far
    factor = square
    n = 0.0
    for b in [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510]
        n += 2.0
        append!(terms, [-b / n * factor])
        factor *= square
    end
    append!(terms, [-0.5 / far])
    return circuit_sum(terms)
end

"The sum of (x+k)^-s over k >= 0, by Euler and Maclaurin (DLMF 25.11.43)."
function circuit_hurwitz(s, x)
    terms = [0.0]
    while x < 12.0 + s
        append!(terms, [x^(-s)])
        x += 1.0
    end
    append!(terms, [x^(1.0 - s) / (s - 1.0), 0.5 * x^(-s)])
    factor = s * x^(-s - 1.0)
    k = 0.0
    for b in [
        1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6,
        -3617 / 510, 43867 / 798, -174611 / 330, 854513 / 138, -236364091 / 2730, 8553103 / 6,
    ]
        k += 1.0
        factor /= ifelse(k == 1.0, 2.0, 2.0 * k * (2.0 * k - 1.0))
        append!(terms, [b * factor])
        factor *= (s + 2.0 * k - 1.0) * (s + 2.0 * k) / (x * x)
    end
    return circuit_sum(terms)
end

"The n-th derivative of pi cot(pi x), a polynomial in c = cot(pi x): each step is -(1+c^2) d/dc."
function circuit_cotangent(n, x)
    c = circuit_cot_pi(x)
    old = [0.0, 1.0]
    for step in 1:Int(n)
        slopes = (1:step) .* old[2:end]
        old = -(vcat(slopes, [0.0, 0.0]) + vcat([0.0, 0.0], slopes))
    end
    value = 0.0
    for a in reverse(old)
        value = value * c + a
    end
    return value * 3.141592653589793^(n + 1.0)
end

"The n-th derivative of digamma."
function circuit_polygamma(n, x)
    if !(n >= 0.0 && n <= 160.0) || n != floor(n) || isnan(x)
        return NaN
    end
    if n == 0.0
        return circuit_digamma(x)
    end
    odd = rem(n, 2.0) == 1.0
    factorial = ifelse(odd, 1.0, -1.0)
    if isinf(x)
        return ifelse(x > 0.0, 0.0 * factorial, NaN)
    end
    if x == 0.0
        return ifelse(odd, Inf, -1.0 / x)
    end
    if x < 0.0
        fraction = x - round(x)
        if fraction == 0.0
            return ifelse(odd, Inf, NaN)
        end
        return -factorial * circuit_polygamma(n, 1.0 - x) - circuit_cotangent(n, fraction)
    end
    for k in 2:Int(n)
        factorial *= k
    end
    return factorial * circuit_hurwitz(n + 1.0, x)
end
