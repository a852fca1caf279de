using Evolute.Cli;

using Interruption interruption = new();
return EvoluteTool.Run(args, ToolStreams.OfProcess(), interruption.Token);
