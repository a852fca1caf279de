using Evolute.Models.Hub;

namespace Evolute.Tests.Models.Hub;

public class HubDatasetIdTests
{
    [Theory]
    [InlineData("acme/rows:../secret")]
    [InlineData("acme/rows:/etc/passwd")]
    [InlineData("acme/rows:a//b")]
    [InlineData("acme/rows:a\\b")]
    [InlineData("acme/rows:")]
    [InlineData("acme")]
    public void A_name_that_leads_elsewhere_is_no_dataset(string text) => Assert.False(HubDatasetId.TryParse(text, out _));

    [Fact]
    public void Repository_revision_and_file_are_told_apart()
    {
        Assert.True(HubDatasetId.TryParse("acme/rows@refs/pr/1:main/train-0 of 1.parquet", out HubDatasetId? id));
        Assert.Equal(("acme/rows", "refs/pr/1", "main/train-0 of 1.parquet"), (id.Repository.Repository, id.Repository.Revision, id.File));
        Assert.Equal("acme/rows@refs/pr/1:main/train-0 of 1.parquet", id.ToString());
    }
}
