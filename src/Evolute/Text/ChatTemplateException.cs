namespace Evolute.Text;

/// <summary>A chat template that is damaged, that refuses the messages (<c>raise_exception</c>) or that does too much.</summary>
public sealed class ChatTemplateException : EvoluteInputException
{
    /// <summary>An error with a sentence for the user.</summary>
    public ChatTemplateException(string message) : base(message) { }

    /// <summary>An error with a sentence for the user and its cause.</summary>
    public ChatTemplateException(string message, Exception inner) : base(message, inner) { }
}
