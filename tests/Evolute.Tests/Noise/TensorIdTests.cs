using Evolute.Noise;

namespace Evolute.Tests.Noise;

public class TensorIdTests
{
    [Fact]
    public void Of_matches_the_published_hash() =>
        Assert.Equal(0xa88fd795d5c6d156ul, TensorId.Of("model.embed_tokens.weight"));
}
