# Sourced by the experiments, which set root: EVOLUTE becomes the command that runs the tool, built where it is not given.
if [ -z "${EVOLUTE:-}" ]; then
  dotnet build -c Release "$root/src/Evolute.Cli" >&2
  EVOLUTE="dotnet exec $root/artifacts/bin/Evolute.Cli/release/Evolute.Cli.dll"
fi
