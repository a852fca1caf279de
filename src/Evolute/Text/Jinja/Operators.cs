namespace Evolute.Text.Jinja;

internal sealed record NotExpression(Expression Operand) : Expression
{
    protected override object? Value(Scope scope, Rendering rendering) => !Comparison.IsTrue(Operand.Evaluate(scope, rendering));
}

/// <summary><c>a and b</c>, <c>a or b</c>: the value that decides.</summary>
internal sealed record LogicExpression(Expression Left, Expression Right, bool And) : Expression
{
    protected override object? Value(Scope scope, Rendering rendering)
    {
        object? left = Left.Evaluate(scope, rendering);
        return Comparison.IsTrue(left) == And ? Right.Evaluate(scope, rendering) : left;
    }
}

/// <summary><c>a &lt; b == c</c>: each pair must hold.</summary>
internal sealed record CompareExpression(Expression First, IReadOnlyList<(string Operator, Expression Operand)> Rest, int Line) : Expression
{
    protected override object? Value(Scope scope, Rendering rendering)
    {
        object? left = First.Evaluate(scope, rendering);
        foreach ((string op, Expression operand) in Rest)
        {
            object? right = operand.Evaluate(scope, rendering);
            rendering.Line = Line;
            if (!Holds(op, left, right, rendering)) return false;
            left = right;
        }
        return true;
    }

    public static bool Holds(string op, object? left, object? right, Rendering rendering) => op switch
    {
        "==" => Comparison.AreEqual(left, right, rendering),
        "!=" => !Comparison.AreEqual(left, right, rendering),
        "in" => Comparison.Contains(right, left, rendering),
        "not in" => !Comparison.Contains(right, left, rendering),
        "<" => Comparison.Order(left, right, rendering) < 0,
        "<=" => Comparison.Order(left, right, rendering) <= 0,
        ">" => Comparison.Order(left, right, rendering) > 0,
        _ => Comparison.Order(left, right, rendering) >= 0,
    };
}

/// <summary><c>a ~ b</c>: both as text.</summary>
internal sealed record ConcatExpression(IReadOnlyList<Expression> Parts) : Expression
{
    protected override object? Value(Scope scope, Rendering rendering)
    {
        string[] texts = [.. Parts.Select(p => PythonText.Of(p.Evaluate(scope, rendering), rendering))];
        rendering.Characters(texts.Sum(t => (long)t.Length));
        return string.Concat(texts);
    }
}

internal sealed record ArithmeticExpression(string Operator, Expression Left, Expression Right, int Line) : Expression
{
    protected override object? Value(Scope scope, Rendering rendering)
    {
        object? left = Left.Evaluate(scope, rendering), right = Right.Evaluate(scope, rendering);
        rendering.Line = Line;
        return Arithmetic.Apply(Operator, left, right, rendering);
    }
}

/// <summary><c>-a</c> and <c>+a</c>.</summary>
internal sealed record SignExpression(bool Negative, Expression Operand, int Line) : Expression
{
    protected override object? Value(Scope scope, Rendering rendering)
    {
        object? value = Operand.Evaluate(scope, rendering);
        rendering.Line = Line;
        return Negative ? Arithmetic.Apply("-", 0L, value, rendering) : Arithmetic.Apply("+", 0L, value, rendering);
    }
}

/// <summary>Python's arithmetic on numbers, texts and lists.</summary>
internal static class Arithmetic
{
    public static object? Apply(string op, object? left, object? right, Rendering rendering)
    {
        if (left is Undefined u) throw u.Error();
        if (right is Undefined v) throw v.Error();
        try
        {
            return (left, right) switch
            {
                (string a, string b) when op == "+" => Joined(a, b, rendering),
                (JinjaList a, JinjaList b) when op == "+" && a.Kind == b.Kind && a.Kind != ListKind.Generator => Joined(a, b, rendering),
                (string a, long n) when op == "*" => Repeated(a, n, rendering),
                (long n, string a) when op == "*" => Repeated(a, n, rendering),
                (JinjaList a, long n) when op == "*" && a.Kind != ListKind.Generator => Repeated(a, n, rendering),
                (long or bool, long or bool) => OnWhole(op, Whole(left), Whole(right)),
                (long or bool or double, long or bool or double) => OnReal(op, Real(left), Real(right)),
                _ => throw new TemplateException($"'{op}' does not go with {Types.Name(left)} and {Types.Name(right)}"),
            };
        }
        catch (OverflowException)
        {
            throw new TemplateException($"the result of '{op}' is too large");
        }
    }

    private static string Joined(string a, string b, Rendering rendering)
    {
        rendering.Characters((long)a.Length + b.Length);
        return a + b;
    }

    private static JinjaList Joined(JinjaList a, JinjaList b, Rendering rendering)
    {
        rendering.Step((long)a.Items.Count + b.Items.Count);
        return a with { Items = [.. a.Items, .. b.Items] };
    }

    private static string Repeated(string text, long times, Rendering rendering)
    {
        if (times <= 0 || text.Length == 0) return "";
        rendering.Characters(checked(times * text.Length));
        return string.Concat(Enumerable.Repeat(text, (int)times));
    }

    private static JinjaList Repeated(JinjaList list, long times, Rendering rendering)
    {
        times = Math.Max(0, times);
        rendering.Step(checked(times * list.Items.Count));
        return list with { Items = list.Items.Count == 0 ? [] : [.. Enumerable.Repeat(list.Items, (int)times).SelectMany(items => items)] };
    }

    /// <summary>Whole numbers give whole numbers, but for a quotient and a negative power.</summary>
    private static object OnWhole(string op, long a, long b) =>
        op == "/" || (op == "**" && b < 0) ? OnReal(op, a, b) : (object)Whole(op, a, b);

    private static long Whole(string op, long a, long b) => op switch
    {
        "+" => checked(a + b),
        "-" => checked(a - b),
        "*" => checked(a * b),
        "//" => FloorDivide(a, NotZero(b)),
        "%" => b is 1 or -1 ? 0 : a - FloorDivide(a, NotZero(b)) * b,
        _ => Power(a, b),
    };

    private static double OnReal(string op, double a, double b) => op switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / NotZero(b),
        "//" => Math.Floor(a / NotZero(b)),
        "%" => a - Math.Floor(a / NotZero(b)) * b,
        _ => Math.Pow(a, b),
    };

    private static long FloorDivide(long a, long b)
    {
        long quotient = checked(a / b);
        return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    private static long Power(long a, long b)
    {
        long power = 1;
        for (long i = 0; i < b; i++)
        {
            if (a is 0 or 1) return a;
            power = checked(power * a);
            if (a == -1 && i > 1) return b % 2 == 0 ? 1 : -1;
        }
        return power;
    }

    private static T NotZero<T>(T divisor) where T : struct, System.Numerics.INumber<T> =>
        T.IsZero(divisor) ? throw new TemplateException("division by zero") : divisor;

    private static long Whole(object? value) => value is bool b ? b ? 1 : 0 : (long)value!;

    private static double Real(object? value) => value is double d ? d : Whole(value);
}
