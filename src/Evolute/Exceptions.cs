namespace Evolute;

/// <summary>
/// Bad input: one clear sentence that names the file, row, tensor or flag and the mend. The command line prints it
/// and exits with 2.
/// </summary>
public class EvoluteInputException : Exception
{
    /// <summary>An error with a sentence for the user.</summary>
    public EvoluteInputException(string message) : base(message) { }

    /// <summary>An error with a sentence for the user and its cause.</summary>
    public EvoluteInputException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>A fault while working on good input (disk full, damaged journal): exit code 1.</summary>
public class EvoluteFaultException : Exception
{
    /// <summary>A fault with a sentence for the user.</summary>
    public EvoluteFaultException(string message) : base(message) { }

    /// <summary>A fault with a sentence for the user and its cause.</summary>
    public EvoluteFaultException(string message, Exception inner) : base(message, inner) { }
}
