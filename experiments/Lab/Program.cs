using Evolute;
using Evolute.Lab.Control;
using Evolute.Lab.Gradient;
using Evolute.Lab.Hacking;

// One verb an experiment; each writes its CSV and figures into a folder and prints the tables of its text.
string verb = args.Length > 0 ? args[0] : "";
string folder = args.Length > 1 ? args[1] : Path.Combine("docs", "experiments");
try
{
    Directory.CreateDirectory(folder);
    switch (verb)
    {
        case "gradient": GradientExperiment.Run(folder); return 0;
        case "control": ControlExperiment.Run(folder); return 0;
        case "control-tuning": ControlTuning.Run(folder); return 0;
        case "hacking": HackingExperiment.Run(folder); return 0;
        default:
            Console.Error.WriteLine("Usage: Evolute.Lab gradient|control|control-tuning|hacking [FOLDER]; the folder is docs/experiments if none is given.");
            return 2;
    }
}
catch (EvoluteInputException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
