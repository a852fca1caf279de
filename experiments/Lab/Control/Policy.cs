using Evolute.Models;

namespace Evolute.Lab.Control;

/// <summary>A perceptron with one hidden layer of tanh; its weights are a flat vector of the tensors of <see cref="Tensors"/>.</summary>
/// <param name="weights">The vector.</param>
/// <param name="inputs">Observations.</param>
/// <param name="outputs">Outputs.</param>
/// <param name="mirrored">
/// The observations that change their sign when the state is mirrored; if there are any, the policy is half the difference between the perceptron's outputs for a
/// state and for its mirror image, so that it answers mirrored states with opposite forces whatever its weights.
/// </param>
internal sealed class Policy(float[] weights, int inputs, int outputs, params int[] mirrored)
{
    /// <summary>Hidden units.</summary>
    public const int Hidden = 16;

    /// <summary>The tensors of a policy.</summary>
    public static TensorSpec[] Tensors(int inputs, int outputs) =>
        [new("hidden.weight", [Hidden, inputs]), new("hidden.bias", [Hidden]), new("output.weight", [outputs, Hidden]), new("output.bias", [outputs])];

    /// <summary>From an observation to the outputs.</summary>
    public void Decide(ReadOnlySpan<double> observation, Span<double> decision)
    {
        Perceive(observation, decision);
        if (mirrored.Length == 0) return;
        Span<double> image = stackalloc double[inputs], opposite = stackalloc double[outputs];
        observation.CopyTo(image);
        foreach (int i in mirrored) image[i] = -image[i];
        Perceive(image, opposite);
        for (int o = 0; o < outputs; o++) decision[o] = (decision[o] - opposite[o]) / 2;
    }

    private void Perceive(ReadOnlySpan<double> observation, Span<double> decision)
    {
        Span<double> hidden = stackalloc double[Hidden];
        int bias = Hidden * inputs, second = bias + Hidden;
        for (int h = 0; h < Hidden; h++)
        {
            double sum = weights[bias + h];
            for (int i = 0; i < inputs; i++) sum += weights[h * inputs + i] * observation[i];
            hidden[h] = Math.Tanh(sum);
        }
        for (int o = 0; o < outputs; o++)
        {
            double sum = weights[second + outputs * Hidden + o];
            for (int h = 0; h < Hidden; h++) sum += weights[second + o * Hidden + h] * hidden[h];
            decision[o] = sum;
        }
    }
}
