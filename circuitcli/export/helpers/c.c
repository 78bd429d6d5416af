/* Functions that C lacks, each a block of its own between empty lines; export copies those that are used. */

/* The largest, of equal numbers the first; nan where one is. */
static double circuit_max(double x, double y)
{
    return x != x || y <= x ? x : y;
}

/* The smallest, likewise. */
static double circuit_min(double x, double y)
{
    return x != x || y >= x ? x : y;
}

/* The upper half of the digits (Veltkamp 1968). */
static double circuit_high(double x)
{
    const double c = x * 134217729.0;
    return c - (c - x);
}

/* A sum with what each addition loses (Neumaier 1974). */
static double circuit_sum(const double *terms, int count)
{
    double total = 0.0, lost = 0.0;
    for (int i = 0; i < count; i++) {
        const double x = terms[i], next = total + x;
        lost += fabs(total) >= fabs(x) ? total - next + x : x - next + total;
        total = next;
    }
    return total - total == 0.0 ? total + lost : total;
}

/* lgamma(2 + z) for |z| <= 1/2 (Abramowitz & Stegun 6.1.33). */
static double circuit_lgamma_of_two_and(double z)
{
    static const double series[] = {
        0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986,
        0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939,
        9.945751278180853e-05, -4.492623673813314e-05, 2.050721277567069e-05, -9.439488275268397e-06,
        4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07, -4.492469198764566e-07,
        2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08,
        1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09,
        5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10, -6.4229645638381e-11,
        3.1044247747322276e-11, -1.5021384080754142e-11, 7.275974480239079e-12, -3.527742476575915e-12,
    };
    double total = 0.0;
    for (int k = sizeof series / sizeof *series - 1; k >= 0; k--)
        total = (total + series[k]) * z;
    return (total + 0.42278433509846713) * z;
}

/* log|gamma(x)|: where it is small by a series, which keeps the digits next to the roots. */
static double circuit_lgamma(double x)
{
    if (x == 0.0)
        return INFINITY;
    if (-0.5 < x && x <= 2.5) {
        if (x > 1.5)
            return circuit_lgamma_of_two_and(x - 2.0);
        if (x >= 0.5)
            return circuit_lgamma_of_two_and(x - 1.0) - log1p(x - 1.0);
        return circuit_lgamma_of_two_and(x) - log1p(x) - log(fabs(x));
    }
    if (-3.0 < x && x < -2.0) { /* x(x+1)(x+2)(x+3) = (x^2+3x+1)^2 - 1 */
        const double root = x * (x + 3.0) + 1.0;
        return circuit_lgamma(x + 4.0) - log1p(-root * root);
    }
    if (2.5 < x && x < 12.0) {
        double product = 1.0;
        while (x > 2.5) {
            x -= 1.0;
            product *= x;
        }
        return log(product) + circuit_lgamma(x);
    }
    if (-2.0 < x && x <= -0.5 && x != -1.0)
        return x > -1.0 ? circuit_lgamma(x + 1.0) - log(-x) : circuit_lgamma(x + 2.0) - log(x * (x + 1.0));
    return lgamma(x);
}

static double circuit_gamma(double x)
{
    if (0.5 <= x && x <= 2.5)
        return exp(circuit_lgamma(x));
    if (-0.5 < x && x < 0.5 && x != 0.0)
        return exp(circuit_lgamma_of_two_and(x) - log1p(x)) / x;
    return tgamma(x);
}

/* cot(pi x) for 0 < |x| <= 1/2. */
static double circuit_cot_pi(double x)
{
    const double pi = 3.141592653589793;
    return fabs(x) <= 0.25 ? 1.0 / tan(pi * x) : copysign(tan(pi * (0.5 - fabs(x))), x);
}

/* -1/(x+k) as three terms: the quotient, and what the roundings of the sum and of the quotient lost. */
static void circuit_reciprocal(double x, double k, double terms[3])
{
    const double total = x + k, quotient = 1.0 / total;
    const double lost = k > x ? x - (total - k) : k - (total - x);
    terms[0] = -quotient;
    terms[1] = terms[2] = 0.0;
    if (1e-200 < total && total < 1e200) {
        const double a = circuit_high(total), b = circuit_high(quotient);
        const double low = total - a, rest = quotient - b;
        terms[1] = -(((1.0 - a * b) - a * rest - low * b) - low * rest) * quotient; /* Dekker 1971 */
        terms[2] = lost * quotient * quotient;
    }
}

/* By the asymptotic series, to which the recurrence lifts (Abramowitz & Stegun 6.3). */
static double circuit_digamma(double x)
{
    static const double bernoulli[] = {
        1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510,
    };
    double terms[64], square, power;
    int count = 0, k = 0;
    if (x != x || x == -INFINITY)
        return NAN;
    if (x == 0.0 || x == INFINITY)
        return x == 0.0 ? -1.0 / x : x;
    if (x < 0.0) {
        const double fraction = x - rint(x);
        return fraction == 0.0 ? NAN : circuit_digamma(1.0 - x) - 3.141592653589793 * circuit_cot_pi(fraction);
    }
    for (; x + k < 16.0; k++, count += 3)
        circuit_reciprocal(x, k, terms + count);
    x += k;
    if (k) { /* from 16 to 17, where the logarithm is known to more digits than a double has */
        terms[count++] = 2.772588722239781;
        terms[count++] = 9.276187255385198e-17;
        terms[count++] = log1p((x - 16.0) / 16.0);
    } else {
        terms[count++] = log(x);
    }
    power = square = 1.0 / x / x;
    for (int i = 0; i < 8; i++) {
        terms[count++] = -bernoulli[i] / (2 * i + 2) * power;
        power *= square;
    }
    terms[count++] = -0.5 / x;
    return circuit_sum(terms, count);
}

/* The sum of (x+k)^-s over k >= 0, by Euler and Maclaurin (DLMF 25.11.43). */
static double circuit_hurwitz(double s, double x)
{
    static const double bernoulli[] = {
        1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6,
        -3617.0 / 510, 43867.0 / 798, -174611.0 / 330, 854513.0 / 138, -236364091.0 / 2730, 8553103.0 / 6,
    };
    double terms[256], factor;
    int count = 0;
    for (; x < 12.0 + s; x += 1.0)
        terms[count++] = pow(x, -s);
    terms[count++] = pow(x, 1.0 - s) / (s - 1.0);
    terms[count++] = 0.5 * pow(x, -s);
    factor = s * pow(x, -s - 1.0);
    for (int k = 1; k <= 13; k++) {
        factor /= k == 1 ? 2.0 : 2.0 * k * (2.0 * k - 1.0);
        terms[count++] = bernoulli[k - 1] * factor;
        factor *= (s + 2 * k - 1) * (s + 2 * k) / (x * x);
    }
    return circuit_sum(terms, count);
}

/* The n-th derivative of pi cot(pi x), a polynomial in c = cot(pi x): each step is -(1+c^2) d/dc. */
static double circuit_cotangent(int n, double x)
{
    double coefficients[164] = {0.0, 1.0}, next[164], value = 0.0;
    const double c = circuit_cot_pi(x);
    for (int step = 0; step < n; step++) {
        for (int k = 0; k <= step + 2; k++)
            next[k] = -((k + 1) * (k <= step ? coefficients[k + 1] : 0.0)) - (k > 1 ? (k - 1) * coefficients[k - 1] : 0.0);
        for (int k = 0; k <= step + 2; k++)
            coefficients[k] = next[k];
    }
    for (int k = n + 1; k >= 0; k--)
        value = value * c + coefficients[k];
    return value * pow(3.141592653589793, n + 1);
}

/* The n-th derivative of digamma. */
static double circuit_polygamma(double n, double x)
{
    const int odd = fmod(n, 2.0) == 1.0;
    double factorial = odd ? 1.0 : -1.0;
    if (!(n >= 0.0 && n <= 160.0) || n != floor(n) || x != x)
        return NAN;
    if (n == 0.0)
        return circuit_digamma(x);
    if (x == INFINITY || x == -INFINITY)
        return x > 0.0 ? 0.0 * factorial : NAN;
    if (x == 0.0)
        return odd ? INFINITY : -1.0 / x;
    if (x < 0.0) {
        const double fraction = x - rint(x);
        if (fraction == 0.0)
            return odd ? INFINITY : NAN;
        return -factorial * circuit_polygamma(n, 1.0 - x) - circuit_cotangent((int)n, fraction);
    }
    for (int k = 2; k <= n; k++)
        factorial *= k;
    return factorial * circuit_hurwitz(n + 1.0, x);
}

/* A number whose circuit inside is 0: f answers its value, and its slope. */
typedef double circuit_root_function(double x, const double *taken, double *slope);

/* The point as far along a step as the value is less, or has the other sign; 0 where there is none. */
static int circuit_root_nearer(circuit_root_function *f, const double *taken, double point[3], double step)
{
    const double x = point[0], y = point[1], tiny = ldexp(fabs(x), -49);
    for (int i = 0; i < 60; i++, step *= 0.5) {
        const double next = x + step;
        if (next == x)
            return 0;
        double slope;
        const double value = f(next, taken, &slope);
        if (value - value == 0.0 && (fabs(value) < fabs(y) || (value > 0.0) != (y > 0.0))) {
            point[0] = next;
            point[1] = value;
            point[2] = slope;
            return 1;
        }
        if (fabs(step) <= tiny)
            return 0;
    }
    return 0;
}

/* The nearest point of some to both sides at which the value has the other sign; 0 where there is none. */
static int circuit_root_across(circuit_root_function *f, const double *taken, double point[3])
{
    const double x = point[0], y = point[1];
    double far_off = ldexp(fabs(x) > 1.0 ? fabs(x) : 1.0, -6);
    for (int i = 0; i < 60; i++, far_off *= 1.5) {
        for (int side = 1; side >= -1; side -= 2) {
            const double next = x + side * far_off;
            double slope;
            const double value = f(next, taken, &slope);
            if (value - value == 0.0 && (value > 0.0) != (y > 0.0)) {
                point[0] = next;
                point[1] = value;
                point[2] = slope;
                return 1;
            }
        }
    }
    return 0;
}

/* The number near a start at which f is 0; nan where none is found. Newton's method; between values of both signs also
 * bisection. */
static double circuit_root(circuit_root_function *f, const double *taken, double start)
{
    double point[3] = {start, 0.0, 0.0};
    double moved = 0.0, before = INFINITY, last = INFINITY, sides[2] = {0.0, 0.0};
    int known[2] = {0, 0}, found = 0;
    point[1] = f(start, taken, &point[2]);
    double least = fabs(point[1]);
    for (int i = 0; i < 1500; i++) {
        const double x = point[0], y = point[1], slope = point[2], tiny = ldexp(fabs(x), -49);
        if (y == 0.0)
            return slope != 0.0 || moved <= 0.9 * before || moved <= ldexp(fabs(x), -20) ? x : NAN;
        if (y - y != 0.0 || x - x != 0.0)
            return NAN;
        sides[y > 0.0] = x;
        known[y > 0.0] = 1;
        if (known[0] && known[1] && !found) {
            found = 1;
            least = fabs(y);
        }
        const double newton = -(y / slope);
        const int steps = newton - newton == 0.0;
        if (found) {
            const double low = fmin(sides[0], sides[1]), high = fmax(sides[0], sides[1]);
            double step = newton, next = steps ? x + step : low;
            if (next != x || !steps) {
                if (!(low < next && next < high) || fabs(step) > 0.5 * last) {
                    next = sides[0] + (sides[1] - sides[0]) * 0.5;
                    step = next - x;
                }
                if (low < next && next < high) {
                    double its;
                    const double value = f(next, taken, &its);
                    if (fabs(step) > tiny || fabs(value) < fabs(y)) {
                        point[0] = next;
                        point[1] = value;
                        point[2] = its;
                        last = fabs(step);
                        continue;
                    }
                }
            }
            return fabs(y) < least || fabs(newton) <= tiny ? x : NAN;
        }
        if (!steps || !circuit_root_nearer(f, taken, point, newton)) {
            if (fabs(newton) <= tiny)
                return x;
            if (!circuit_root_across(f, taken, point))
                return NAN;
        }
        before = moved;
        moved = fabs(point[0] - x);
    }
    return NAN;
}

/* An integrand, and what the sums of its integral see of it: how many values, and the highest node with its
 * neighbours. */
struct circuit_integrand {
    double (*f)(double x, const double *taken);
    const double *taken;
    int seen, pass;
    double top, at, below, above;
};

/* A sum to which terms are added one by one (Neumaier 1974). */
struct circuit_running_sum {
    double total, lost;
};

static void circuit_add(struct circuit_running_sum *sum, double x)
{
    const double next = sum->total + x;
    sum->lost += fabs(sum->total) >= fabs(x) ? sum->total - next + x : x - next + sum->total;
    sum->total = next;
}

static double circuit_added(struct circuit_running_sum sum)
{
    return sum.total - sum.total == 0.0 ? sum.total + sum.lost : sum.total;
}

/* Take note of a node: in a first pass of the highest, in a second of its neighbours. */
static void circuit_saw(struct circuit_integrand *of, double x, double height)
{
    of->seen++;
    if (of->pass == 1 && (height > of->top || (height == of->top && x > of->at))) {
        of->top = height;
        of->at = x;
    }
    if (of->pass == 2) {
        if (x < of->at && x > of->below)
            of->below = x;
        if (x > of->at && x < of->above)
            of->above = x;
    }
}

/* The integral over one range, that of the size, and whether two sums, with half the step, agree: relative to the size,
 * or to the whole where that is more. */
static int circuit_integral_of_range(
    struct circuit_integrand *of, double low, double high, double whole, double *result, double *whole_size
)
{
    const double close = ldexp(1.0, -46), pi = 3.141592653589793;
    const int infinite = high == INFINITY || low == -INFINITY;
    struct circuit_running_sum sum = {0.0, 0.0};
    double ends[2] = {INFINITY, INFINITY}, edge = 0.0, size = 0.0, before = NAN, h = 1.0;
    int found[2] = {0, 0};
    for (int level = 0; level < 7; level++, h *= 0.5) {
        for (int side = 0; side < 2; side++) {
            double previous = 0.0, t = level ? h : side;
            int calm = 0;
            for (; t <= 6.087 && t <= ends[side]; t += level ? 2.0 * h : 1.0) {
                const double s = 0.5 * (pi * sinh(t)), c = 0.5 * (pi * cosh(t));
                double near_end, weight, x;
                if (infinite) {
                    near_end = exp(side ? s : -s);
                    weight = c * near_end;
                    x = high == INFINITY ? low + near_end : high - near_end;
                } else {
                    near_end = 1.0 / (1.0 + exp(2.0 * s));
                    weight = 2.0 * c * near_end * (1.0 - near_end) * (high - low);
                    x = side ? high - (high - low) * near_end : low + (high - low) * near_end;
                }
                const double value = of->f(x, of->taken), term = value * weight;
                if (term - term != 0.0) {
                    if (t < 1.0) {
                        *whole_size = size;
                        return 0;
                    }
                    ends[side] = t;
                    edge += fabs(previous);
                    break;
                }
                circuit_saw(of, x, fabs(value));
                circuit_add(&sum, term);
                size += fabs(term);
                found[side] = found[side] || fabs(term) > close * size;
                calm = found[side] && fabs(term) <= close * 1e-4 * size ? calm + 1 : 0;
                previous = term;
                if (calm == 4 && t > 2.0) {
                    ends[side] = t;
                    break;
                }
            }
        }
        const double total = circuit_added(sum) * h, scale = whole >= size * h ? whole : size * h;
        *result = total;
        *whole_size = size * h;
        if (level >= 3 && fabs(total - before) <= close * scale && edge <= close * scale)
            return 1;
        before = total;
    }
    return 0;
}

/* The integral over the ranges between some places, which are halved as often as it takes, and whether the parts have
 * not seen what the whole has. */
static double circuit_integral_over(struct circuit_integrand *of, const double *places, int count, int *lost)
{
    double lows[128], highs[128], whole = NAN;
    int depths[128], waiting = 0;
    struct circuit_running_sum total = {0.0, 0.0}, size = {0.0, 0.0};
    *lost = 0;
    of->seen = 0;
    for (int i = count - 2; i >= 0; i--, waiting++) {
        lows[waiting] = places[i];
        highs[waiting] = places[i + 1];
        depths[waiting] = 0;
    }
    while (waiting) {
        const double low = lows[--waiting], high = highs[waiting];
        const int depth = depths[waiting];
        const int both = low == -INFINITY && high == INFINITY;
        double middle = 0.0;
        if (!both) {
            double its = 0.0, its_size = 0.0;
            const int good = circuit_integral_of_range(of, low, high, whole, &its, &its_size);
            if (whole != whole || (whole < its_size && its_size < INFINITY))
                whole = its_size;
            if (good) {
                circuit_add(&total, its);
                circuit_add(&size, its_size);
                continue;
            }
            if (high == INFINITY)
                middle = low + fmax(fabs(low), 1.0);
            else if (low == -INFINITY)
                middle = high - fmax(fabs(high), 1.0);
            else
                middle = low + 0.5 * (high - low);
            if (depth == 100 || of->seen > 300000 || !(low < middle && middle < high))
                return NAN;
        }
        for (int part = 0; part < 2; part++, waiting++) {
            lows[waiting] = part ? low : middle;
            highs[waiting] = part ? middle : high;
            depths[waiting] = depth + !both;
        }
    }
    *lost = circuit_added(size) < 0.7 * whole;
    return circuit_added(total);
}

/* The greatest size of an integrand between two numbers, and its place, by golden sections (Kiefer 1953). */
static double circuit_highest_between(const struct circuit_integrand *of, double low, double high, double *at)
{
    const double part = 0.5 * (sqrt(5.0) - 1.0);
    double left = high - part * (high - low), right = low + part * (high - low);
    double at_left = fabs(of->f(left, of->taken)), at_right = fabs(of->f(right, of->taken));
    for (int i = 0; i < 90 && low < left && left < right && right < high; i++) {
        if (at_left >= at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - part * (high - low);
            at_left = fabs(of->f(left, of->taken));
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + part * (high - low);
            at_right = fabs(of->f(right, of->taken));
        }
    }
    *at = at_left >= at_right ? left : right;
    return at_left >= at_right ? at_left : at_right;
}

/* The integral of f, by the substitutions tanh-sinh and exp-sinh; nan where the sums do not come to agree. */
static double circuit_integral(
    double (*f)(double x, const double *taken), const double *taken, double first, double last
)
{
    if (first != first || last != last)
        return NAN;
    if (first == last)
        return 0.0;
    if (last < first)
        return -circuit_integral(f, taken, last, first);
    struct circuit_integrand of = {f, taken, 0, 1, 0.0, 0.0, -INFINITY, INFINITY};
    double places[3] = {first, last, last};
    int lost, ignored;
    const double total = circuit_integral_over(&of, places, 2, &lost);
    if (of.top == 0.0)
        return total;
    of.pass = 2;
    circuit_integral_over(&of, places, 2, &ignored);
    if (of.below == -INFINITY || of.above == INFINITY)
        return total;
    const double height = circuit_highest_between(&of, of.below, of.above, &places[1]);
    if (!(height < INFINITY && (lost || 2.0 * of.top < height)))
        return total;
    of.pass = 0;
    places[2] = last;
    return circuit_integral_over(&of, places, 3, &ignored);
}
