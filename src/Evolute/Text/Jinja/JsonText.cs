using System.Globalization;
using System.Text;

namespace Evolute.Text.Jinja;

/// <summary>Values as JSON, the way Python's <c>json.dumps</c> writes them with <c>ensure_ascii=False</c>: no HTML escapes.</summary>
internal sealed class JsonText(string? indent, string itemSeparator, string keySeparator, bool sortKeys, Rendering rendering)
{
    private readonly StringBuilder _text = new();

    public string Write(object? value)
    {
        Write(value, 0);
        return _text.ToString();
    }

    private void Write(object? value, int depth)
    {
        rendering.Step();
        Rendering.EnterNesting();
        switch (value)
        {
            case null: Append("null"); break;
            case bool b: Append(b ? "true" : "false"); break;
            case long i: Append(i.ToString(CultureInfo.InvariantCulture)); break;
            case double d: Append(double.IsNaN(d) ? "NaN" : double.IsInfinity(d) ? d > 0 ? "Infinity" : "-Infinity" : PythonText.Number(d)); break;
            case string s: WriteText(s); break;
            case JinjaList { Kind: not ListKind.Generator } list: WriteList(list, depth); break;
            case JinjaMap map: WriteMap(map, depth); break;
            default: throw new TemplateException($"{Types.Name(value)} cannot be written as JSON");
        }
    }

    private void WriteList(JinjaList list, int depth)
    {
        Append("[");
        for (int i = 0; i < list.Items.Count; i++)
        {
            if (i > 0) Append(itemSeparator);
            NewLine(depth + 1);
            Write(list.Items[i], depth + 1);
        }
        if (list.Items.Count > 0) NewLine(depth);
        Append("]");
    }

    private void WriteMap(JinjaMap map, int depth)
    {
        Append("{");
        bool first = true;
        foreach ((string key, object? value) in sortKeys ? map.Entries.OrderBy(e => e.Key, Models.Utf8Order.Instance) : map.Entries.AsEnumerable())
        {
            if (!first) Append(itemSeparator);
            first = false;
            NewLine(depth + 1);
            WriteText(key);
            Append(keySeparator);
            Write(value, depth + 1);
        }
        if (!first) NewLine(depth);
        Append("}");
    }

    private void NewLine(int depth)
    {
        if (indent is null) return;
        rendering.Characters((long)depth * indent.Length);
        _text.Append('\n');
        for (int i = 0; i < depth; i++) _text.Append(indent);
    }

    private void WriteText(string text)
    {
        rendering.Characters(text.Length);
        _text.Append('"');
        foreach (char c in text)
            switch (c)
            {
                case '"': _text.Append("\\\""); break;
                case '\\': _text.Append("\\\\"); break;
                case '\n': _text.Append("\\n"); break;
                case '\r': _text.Append("\\r"); break;
                case '\t': _text.Append("\\t"); break;
                case '\b': _text.Append("\\b"); break;
                case '\f': _text.Append("\\f"); break;
                case < ' ': _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: _text.Append(c); break;
            }
        _text.Append('"');
    }

    private void Append(string text)
    {
        rendering.Characters(text.Length);
        _text.Append(text);
    }
}
