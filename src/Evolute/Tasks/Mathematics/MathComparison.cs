using System.Globalization;
using System.Numerics;

namespace Evolute.Tasks.Mathematics;

/// <summary>Compares the trees of two answers within one budget of steps.</summary>
internal sealed class MathComparison
{
    private const int Points = 9, LeastPoints = 4, MaxItems = 64;
    private const double Tolerance = 1e-9;

    // A decimal of fewer digits says too little of what it was rounded from.
    private const int LeastDecimals = 4;

    private readonly MathEvaluation _evaluation = new();

    /// <summary>Whether two answers are equal.</summary>
    public bool AreEqual(MathNode gold, MathNode answer)
    {
        if (!_evaluation.Step()) return false;
        if (gold.Kind == MathKind.List && answer.Kind == MathKind.List && SameAssignments(gold.Parts, answer.Parts) is { } same) return same;
        MathNode[] golds = Items(gold), answers = Items(answer);
        if (golds.Length != 1 || answers.Length != 1) return SameItems(gold, golds, answer, answers);
        gold = golds[0];
        answer = answers[0];
        if (gold.Kind == MathKind.Relation && answer.Kind == MathKind.Relation) return SameRelations(gold, answer);
        if (gold.Kind == MathKind.Relation || answer.Kind == MathKind.Relation)
        {
            MathNode relation = gold.Kind == MathKind.Relation ? gold : answer, value = gold.Kind == MathKind.Relation ? answer : gold;
            return Said(relation) is { } said && AreEqual(said, value);
        }
        if (IsStructured(gold) || IsStructured(answer)) return SameStructures(gold, answer);
        return SameValues(gold, answer);
    }

    // "x = 1, y = 2" is not "x = 2, y = 1": where one of the lists has several names, values belong to names, or without the same names to places. Null where none has.
    private bool? SameAssignments(MathNode[] golds, MathNode[] answers)
    {
        string?[] goldNames = [.. golds.Select(NameOf)], answerNames = [.. answers.Select(NameOf)];
        if (!HasSeveral(goldNames) && !HasSeveral(answerNames)) return null;
        if (goldNames.Order(StringComparer.Ordinal).SequenceEqual(answerNames.Order(StringComparer.Ordinal)))
        {
            golds = [.. golds.OrderBy(NameOf, StringComparer.Ordinal)];
            answers = [.. answers.OrderBy(NameOf, StringComparer.Ordinal)];
        }
        return InOrder([.. golds.Select(Value)], [.. answers.Select(Value)]);
    }

    private static bool HasSeveral(string?[] names) => names.Where(n => n is not null).Distinct(StringComparer.Ordinal).Count() > 1;

    private static string? NameOf(MathNode node) => node.Kind == MathKind.Relation && node.Name[0] == '=' && IsName(node.Parts[0]) ? TextOf(node.Parts[0]) : null;

    private static MathNode Value(MathNode node) => node.Kind == MathKind.Relation ? Said(node) ?? node : node;

    private static string TextOf(MathNode node) =>
        node.Kind == MathKind.Number ? node.Value.ToDouble().ToString(CultureInfo.InvariantCulture) : $"{node.Kind}{node.Name}({string.Join(',', node.Parts.Select(TextOf))})";

    private static bool IsStructured(MathNode node) => node.Kind is MathKind.Set or MathKind.Brackets or MathKind.Matrix or MathKind.Union;

    // The items of an answer: those of a list, with either sign of "±" an item of its own.
    private static MathNode[] Items(MathNode node)
    {
        IEnumerable<MathNode> items = node.Kind is MathKind.List ? node.Parts : [node];
        // "x = 4, -8": the name belongs to all of them. "(x, y) = (5, 8)" is a tuple.
        items = items.Select(i => i.Kind == MathKind.Relation && (node.Kind == MathKind.List || i.Has(MathKind.PlusMinus)) ? Said(i) ?? i : i);
        return [.. items.SelectMany(i => IsStructured(i) ? [i] : Variants(i)).Take(MaxItems + 1)];
    }

    private static MathNode[] Variants(MathNode node)
    {
        if (!node.Has(MathKind.PlusMinus)) return [node];
        return [Signed(node, false), Signed(node, true)];
    }

    private static MathNode Signed(MathNode node, bool negative) => node.Kind == MathKind.PlusMinus
        ? negative ? MathNode.Negate(Signed(node.Parts[0], negative)) : Signed(node.Parts[0], negative)
        : node.Parts.Length == 0 ? node : node with { Parts = [.. node.Parts.Select(p => Signed(p, negative))] };

    private bool SameItems(MathNode gold, MathNode[] golds, MathNode answer, MathNode[] answers)
    {
        // Items without brackets against a tuple: the order is the tuple's.
        if (gold is { Kind: MathKind.Brackets, Name: "()" }) return answers.Length > 1 && answer.Kind == MathKind.List && InOrder(gold.Parts, answers);
        if (answer is { Kind: MathKind.Brackets, Name: "()" }) return golds.Length > 1 && gold.Kind == MathKind.List && InOrder(golds, answer.Parts);
        // "x < 1 or x > 3" against a union of intervals.
        if (golds is [{ Kind: MathKind.Union }]) golds = golds[0].Parts;
        if (answers is [{ Kind: MathKind.Union }]) answers = answers[0].Parts;
        if (golds is [{ Kind: MathKind.Set } set]) golds = SetItems(set);
        if (answers is [{ Kind: MathKind.Set } other]) answers = SetItems(other);
        return InAnyOrder(golds, answers);
    }

    private static MathNode[] SetItems(MathNode set) => [.. set.Parts.SelectMany(p => IsStructured(p) ? [p] : Variants(p))];

    private bool InOrder(MathNode[] golds, MathNode[] answers)
    {
        if (golds.Length != answers.Length || golds.Length > MaxItems) return false;
        for (int i = 0; i < golds.Length; i++)
            if (!AreEqual(golds[i], answers[i])) return false;
        return true;
    }

    private bool InAnyOrder(MathNode[] golds, MathNode[] answers)
    {
        (golds, answers) = (Distinct(golds), Distinct(answers));
        if (golds.Length != answers.Length || golds.Length > MaxItems) return false;
        bool[] taken = new bool[answers.Length];
        foreach (MathNode gold in golds)
        {
            int found = -1;
            for (int i = 0; i < answers.Length && found < 0; i++)
                if (!taken[i] && AreEqual(gold, answers[i])) found = i;
            if (found < 0) return false;
            taken[found] = true;
        }
        return true;
    }

    private MathNode[] Distinct(MathNode[] items)
    {
        if (items.Length > MaxItems) return items;
        List<MathNode> distinct = [];
        foreach (MathNode item in items)
            if (!distinct.Exists(d => AreEqual(d, item))) distinct.Add(item);
        return [.. distinct];
    }

    private bool SameStructures(MathNode gold, MathNode answer)
    {
        if (gold.Kind == MathKind.Brackets && gold.Name == ":" && answer.Kind != MathKind.Brackets) return gold.Parts.Length == 2 && SameValues(Quotient(gold), answer);
        if (answer.Kind == MathKind.Brackets && answer.Name == ":" && gold.Kind != MathKind.Brackets) return answer.Parts.Length == 2 && SameValues(gold, Quotient(answer));
        if (gold.Kind == MathKind.Set && answer.Kind != MathKind.Set && gold.Parts.Length == 1) return AreEqual(gold.Parts[0], answer);
        if (answer.Kind == MathKind.Set && gold.Kind != MathKind.Set && answer.Parts.Length == 1) return AreEqual(gold, answer.Parts[0]);
        if (gold is { Kind: MathKind.Set, Parts: [] }) return answer is { Kind: MathKind.Set, Parts: [] } or { Kind: MathKind.Symbol, Name: "emptyset" };
        if (answer is { Kind: MathKind.Set, Parts: [] }) return gold is { Kind: MathKind.Symbol, Name: "emptyset" };
        if (gold.Kind != answer.Kind) return false;
        return gold.Kind switch
        {
            MathKind.Set => InAnyOrder(SetItems(gold), SetItems(answer)),
            MathKind.Union => InAnyOrder(gold.Parts, answer.Parts),
            _ => gold.Name == answer.Name && InOrder(gold.Parts, answer.Parts),
        };
    }

    private static MathNode Quotient(MathNode ratio) => MathNode.Of(MathKind.Quotient, ratio.Parts);

    private bool SameValues(MathNode gold, MathNode answer)
    {
        if (gold.Kind == MathKind.Percent != (answer.Kind == MathKind.Percent))
        {
            (MathNode percent, MathNode plain) = gold.Kind == MathKind.Percent ? (gold, answer) : (answer, gold);
            return SameNumbers(percent, plain) || SameNumbers(percent.Parts[0], plain);
        }
        return SameNumbers(gold, answer);
    }

    private bool SameNumbers(MathNode gold, MathNode answer)
    {
        if (IsInfinite(gold) is { } sign) return IsInfinite(answer) == sign;
        if (_evaluation.Exact(gold) is { } a && _evaluation.Exact(answer) is { } b) return a == b || IsRounded(gold, answer, a) || IsRounded(answer, gold, b);
        if (IsRoundingOf(gold, answer) || IsRoundingOf(answer, gold)) return true;
        return SameSymbols(gold, answer) && AtAllPoints((x, y) => Close(x, y), gold, answer);
    }

    private static int? IsInfinite(MathNode node) => node switch
    {
        { Kind: MathKind.Symbol, Name: "infty" } => 1,
        { Kind: MathKind.Product, Parts: [{ Kind: MathKind.Number } factor, { Kind: MathKind.Symbol, Name: "infty" }] } => factor.Value.Numerator.Sign,
        _ => null,
    };

    // A decimal against a fraction that does not end: 0.3333 is one third, 5.001 is not 5.
    private static bool IsRounded(MathNode exact, MathNode rounded, Rational value)
    {
        if (Decimals(rounded) < LeastDecimals || Decimals(exact) >= 0) return false;
        BigInteger rest = value.Denominator;
        while ((rest % 2).IsZero) rest /= 2;
        while ((rest % 5).IsZero) rest /= 5;
        return !rest.IsOne && Near(value.ToDouble(), rounded);
    }

    private bool IsRoundingOf(MathNode rounded, MathNode irrational)
    {
        if (Decimals(rounded) < LeastDecimals || Symbols(irrational).Count > 0) return false;
        Complex value = _evaluation.At(irrational, 0);
        return Math.Abs(value.Imaginary) < 1e-12 && Near(value.Real, rounded);
    }

    private static int Decimals(MathNode node) => node.Kind == MathKind.Number ? node.Decimals : -1;

    // Beyond double's own digits, more decimals say no more.
    private static bool Near(double value, MathNode rounded)
    {
        double difference = Math.Abs(value - rounded.Value.ToDouble());
        return difference <= Math.Max(0.5 * Math.Pow(10, -Math.Min(rounded.Decimals, 300)), 1e-15 * Math.Abs(value)) * 1.000001;
    }

    private static bool SameSymbols(MathNode a, MathNode b)
    {
        HashSet<string> first = Symbols(a), second = Symbols(b);
        // x - x + 1 has a symbol that 1 has not: the points decide, unless there is nothing in common but the constants.
        return first.Count == 0 || second.Count == 0 || first.Overlaps(second);
    }

    private static HashSet<string> Symbols(MathNode node)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        Collect(node, names);
        return names;
    }

    private static void Collect(MathNode node, HashSet<string> names)
    {
        if (node.Kind == MathKind.Symbol && node.Name is not ("pi" or "e" or "i" or "infty")) names.Add(node.Name);
        foreach (MathNode part in node.Parts) Collect(part, names);
    }

    private bool AtAllPoints(Func<Complex, Complex, bool> same, MathNode a, MathNode b)
    {
        bool constant = Symbols(a).Count == 0 && Symbols(b).Count == 0;
        int compared = 0;
        for (int point = 0; point < (constant ? 1 : Points); point++)
        {
            Complex x = _evaluation.At(a, point), y = _evaluation.At(b, point);
            if (Complex.IsFinite(x) != Complex.IsFinite(y)) return false;
            if (!Complex.IsFinite(x)) continue;
            if (!same(x, y)) return false;
            compared++;
        }
        return !_evaluation.Exhausted && compared >= (constant ? 1 : LeastPoints);
    }

    private static bool Close(Complex a, Complex b) => Complex.Abs(a - b) <= Tolerance * Math.Max(Complex.Abs(a), Complex.Abs(b)) + 1e-13;

    // What a relation says of its name: the value of "x = 5" and of "A : B = 1", the interval of "0 < x < 1", the set of "x ∈ S"; null where it says more.
    private static MathNode? Said(MathNode relation)
    {
        string signs = relation.Name;
        MathNode[] sides = relation.Parts;
        int approximate = signs.IndexOf('≈', StringComparison.Ordinal);
        if (approximate == 0) return IsName(sides[0]) ? sides[^1] : sides[0];
        if (approximate > 0) (signs, sides) = (signs[..approximate], sides[..(approximate + 1)]);
        // What follows "∈" is where a number comes from: "n = 2k, k ∈ ℤ" stays as it is.
        if (signs.All(c => c is '=' or '∈'))
        {
            bool constant = sides.All(s => Symbols(s).Count == 0);
            return constant || sides.Length > 2 || IsName(sides[0]) ? sides[^1] : sides.Length == 2 && signs == "=" && IsName(sides[1]) && Symbols(sides[0]).Count == 0 ? sides[0] : null;
        }
        return Interval(signs, sides);
    }

    private static MathNode? Interval(string signs, MathNode[] sides)
    {
        static MathNode Between(MathNode low, bool openLow, MathNode high, bool openHigh) => new(MathKind.Brackets, $"{(openLow ? '(' : '[')}{(openHigh ? ')' : ']')}", [low, high]);
        MathNode infinity = MathNode.Symbol("infty");
        if (sides.Length == 3 && IsName(sides[1]))
        {
            if (signs.All(c => c is '<' or '≤')) return Between(sides[0], signs[0] == '<', sides[2], signs[1] == '<');
            if (signs.All(c => c is '>' or '≥')) return Between(sides[2], signs[1] == '>', sides[0], signs[0] == '>');
        }
        if (sides.Length != 2 || signs is "≠" || (!IsName(sides[0]) && !IsName(sides[1]))) return null;
        bool left = IsName(sides[0]), less = signs is "<" or "≤", open = signs is "<" or ">";
        MathNode bound = left ? sides[1] : sides[0];
        return left == less ? Between(MathNode.Negate(infinity), true, bound, open) : Between(bound, open, infinity, true);
    }

    // x, x_1, f(x), |AB|, AB/CD, (p, q): something that has a value rather than is one.
    private static bool IsName(MathNode node) => node.Kind switch
    {
        MathKind.Symbol => node.Name is not ("pi" or "e" or "i" or "infty"),
        MathKind.Function => node.Name is "_" or "'" or "abs" && IsName(node.Parts[0]),
        MathKind.Product => IsName(node.Parts[0]),
        MathKind.Quotient or MathKind.Brackets => node.Parts.All(IsName),
        _ => false,
    };

    private bool SameRelations(MathNode gold, MathNode answer)
    {
        MathNode? goldSaid = Said(gold), answerSaid = Said(answer);
        if (goldSaid is not null && answerSaid is not null && SameName(gold, answer) && AreEqual(goldSaid, answerSaid)) return true;
        if (gold.Name == answer.Name && InOrder(gold.Parts, answer.Parts)) return true;
        return gold.Parts.Length == 2 && answer.Parts.Length == 2 && AreProportional(gold, answer);
    }

    // An assignment's value counts, whatever its name; an interval is one of its own variable.
    private static bool SameName(MathNode gold, MathNode answer) => gold.Name[0] is '=' or '≈' or '∈' || Symbols(gold).Overlaps(Symbols(answer));

    // left − right of one is a constant multiple of the other's; of inequalities a positive one, or negative with the sign turned.
    private bool AreProportional(MathNode gold, MathNode answer)
    {
        char goldSign = gold.Name[0], answerSign = answer.Name[0];
        bool turned = goldSign != answerSign;
        if (turned && (goldSign, answerSign) is not (('<', '>') or ('>', '<') or ('≤', '≥') or ('≥', '≤'))) return false;
        if (!Symbols(gold).Overlaps(Symbols(answer))) return false;
        Complex? ratio = null;
        return AtAllPoints((x, y) =>
        {
            if (Complex.Abs(x) < 1e-12 || Complex.Abs(y) < 1e-12) return Complex.Abs(x) < 1e-12 && Complex.Abs(y) < 1e-12;
            Complex now = x / y;
            ratio ??= now;
            bool direction = goldSign is '=' or '≠' or '≈' || (Math.Abs(now.Imaginary) < 1e-9 && now.Real > 0 != turned);
            return goldSign != '∈' && direction && Close(now, ratio.Value);
        }, Difference(gold), Difference(answer)) && ratio is not null;
    }

    private static MathNode Difference(MathNode relation) => MathNode.Of(MathKind.Sum, relation.Parts[0], MathNode.Negate(relation.Parts[1]));
}
