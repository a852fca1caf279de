using System.Reflection;
using System.Runtime.Loader;

namespace Evolute.Rewards;

/// <summary>A reward in a built assembly. Its code runs in this process with all of its rights.</summary>
public static class RewardAssembly
{
    /// <summary>Makes the reward of an assembly.</summary>
    /// <param name="path">The assembly's file; what it needs is looked for beside it.</param>
    /// <param name="type">The name of a public class that implements <see cref="IReward"/>; null where there is only one.</param>
    /// <exception cref="EvoluteInputException">There is no such file, class, or constructor without parameters.</exception>
    public static IReward Load(string path, string? type = null)
    {
        if (!File.Exists(path)) throw new EvoluteInputException($"--reward: there is no file '{path}'.");
        try
        {
            return Make(new Beside(Path.GetFullPath(path)).LoadFromAssemblyPath(Path.GetFullPath(path)), path, type);
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException or FileNotFoundException)
        {
            throw new EvoluteInputException($"--reward: {path} is no assembly that can be loaded here: {e.Message}", e);
        }
    }

    /// <summary>Makes the reward of a loaded assembly.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="place">What to call it in sentences.</param>
    /// <param name="type">The class, or null where there is only one.</param>
    /// <exception cref="EvoluteInputException">There is no such class or constructor.</exception>
    public static IReward Make(Assembly assembly, string place, string? type = null)
    {
        Type[] rewards;
        try
        {
            rewards = [.. assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && typeof(IReward).IsAssignableFrom(t))];
        }
        catch (ReflectionTypeLoadException e)
        {
            throw new EvoluteInputException($"--reward: {place} needs what is not there: {e.LoaderExceptions.FirstOrDefault(x => x is not null)?.Message}", e);
        }
        if (type is not null) rewards = [.. rewards.Where(t => t.Name == type || t.FullName == type)];
        if (rewards.Length == 0) throw new EvoluteInputException($"--reward: {place} has no class{(type is null ? "" : $" {type}")} that implements Evolute.Rewards.IReward.");
        if (rewards.Length > 1) throw new EvoluteInputException($"--reward: {place} has several rewards ({string.Join(", ", rewards.Select(t => t.Name).Order(StringComparer.Ordinal))}); name one, {place}:{rewards[0].Name}.");
        if (rewards[0].GetConstructor(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, []) is not { } constructor)
            throw new EvoluteInputException($"--reward: {place}: {rewards[0].Name} needs a constructor without parameters.");
        try
        {
            return (IReward)constructor.Invoke(null);
        }
        catch (TargetInvocationException e)
        {
            throw new EvoluteInputException($"--reward: {place}: {rewards[0].Name} cannot be made: {e.InnerException?.Message}", e);
        }
    }

    /// <summary>Loads what an assembly needs from its own folder; Evolute itself is the one that runs.</summary>
    private sealed class Beside(string path) : AssemblyLoadContext(Path.GetFileName(path))
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName name) =>
            Default.Assemblies.Any(a => a.GetName().Name == name.Name) ? null
            : _resolver.ResolveAssemblyToPath(name) is { } found ? LoadFromAssemblyPath(found) : null;
    }
}
