using Evolute.Models;

namespace Evolute.Lab.Control;

/// <summary>A perceptron with one hidden layer of tanh; its weights are a flat vector of the tensors of <see cref="Tensors"/>.</summary>
/// <param name="weights">The vector.</param>
/// <param name="inputs">Observations.</param>
/// <param name="outputs">Outputs.</param>
internal sealed class Policy(float[] weights, int inputs, int outputs)
{
    /// <summary>Hidden units.</summary>
    public const int Hidden = 16;

    /// <summary>The tensors of a policy.</summary>
    public static TensorSpec[] Tensors(int inputs, int outputs) =>
        [new("hidden.weight", [Hidden, inputs]), new("hidden.bias", [Hidden]), new("output.weight", [outputs, Hidden]), new("output.bias", [outputs])];

    /// <summary>From an observation to the outputs.</summary>
    public void Decide(ReadOnlySpan<double> observation, Span<double> decision)
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
