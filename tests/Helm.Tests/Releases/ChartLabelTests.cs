using Fleet.Helm.Releases;

namespace Fleet.Helm.Tests.Releases;

public sealed class ChartLabelTests
{
    [Theory]
    [InlineData("simple-nginx-1.0.0", "1.0.0")]
    [InlineData("kube-prometheus-stack-72.6.2-rc.1", "72.6.2-rc.1")]
    [InlineData("app-2-1.2.3", "1.2.3")]
    [InlineData("cert-manager-v1.17.2", "v1.17.2")]
    [InlineData("nothing", null)]
    [InlineData("", null)]
    public void The_version_is_the_end_of_the_label(string label, string? version) => Assert.Equal(version, ChartLabel.VersionOf(label));
}
