using System.CommandLine;

namespace Evolute.Cli.Flags;

/// <summary>An option that takes its values as the texts they are.</summary>
internal sealed class TextOption : Option<string[]>, ISettingOption
{
    public TextOption(string name, string description, string valueName, bool repeatable = false) : base("--" + name)
    {
        Description = description;
        HelpName = valueName;
        Arity = ArgumentArity.OneOrMore;
        IsRepeatable = repeatable;
    }

    /// <inheritdoc/>
    public bool IsRepeatable { get; }
}

/// <summary>An option that is on where it is named.</summary>
internal sealed class SwitchOption : Option<bool>, ISettingOption
{
    public SwitchOption(string name, string description) : base("--" + name)
    {
        Description = description;
        Arity = ArgumentArity.ZeroOrOne;
    }

    /// <inheritdoc/>
    public bool IsRepeatable => false;
}
