using Fleet.Helm.Releases;
using Fleet.Helm.Values;

namespace Fleet.Helm.Tests.Values;

public sealed class ReleaseFingerprintTests
{
    private static readonly ReleaseName Release = new("web", "nginx");

    [Fact]
    public void The_order_of_keys_does_not_matter() =>
        Assert.Equal(Of(values: "a: 1\nb: {c: 1, d: 2}"), Of(values: "b: {d: 2, c: 1}\na: 1"));

    [Fact]
    public void The_order_of_lists_matters() => Assert.NotEqual(Of(values: "a: [1, 2]"), Of(values: "a: [2, 1]"));

    [Fact]
    public void A_longer_timeout_does_not_redeploy() =>
        Assert.Equal(Of(options: new ReleaseOptions()), Of(options: new ReleaseOptions { Timeout = TimeSpan.FromHours(1) }));

    [Fact]
    public void Whose_fields_are_taken_back_does_not_redeploy() =>
        Assert.Equal(Of(options: new ReleaseOptions()), Of(options: new ReleaseOptions { ForceConflicts = true }));

    [Fact]
    public void Everything_that_changes_the_release_changes_it()
    {
        string[] all =
        [
            Of(), Of(digest: "b"), Of(values: "a: 2"), Of(values: "a: \"1\""), Of(uid: "other"),
            Of(options: new ReleaseOptions { Wait = true }), Of(options: new ReleaseOptions { Upgrade = new UpgradeOptions { Force = true } }),
            Of(options: new ReleaseOptions { Labels = new Dictionary<string, string> { ["k"] = "v" } }),
            ReleaseFingerprint.Of("a", [], ReleaseOptions.Default, new ReleaseName("web", "other"), "uid"),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(all, f => Assert.Matches("^[0-9a-f]{16}$", f));
    }

    [Fact]
    public void Labels_in_another_order_are_the_same() =>
        Assert.Equal(
            Of(options: new ReleaseOptions { Labels = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" } }),
            Of(options: new ReleaseOptions { Labels = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } }));

    private static string Of(string digest = "a", string values = "a: 1", ReleaseOptions? options = null, string uid = "uid") =>
        ReleaseFingerprint.Of(digest, YamlValues.ParseObject(values), options ?? ReleaseOptions.Default, Release, uid);
}
