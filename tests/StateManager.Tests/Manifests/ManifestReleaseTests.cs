using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Services;
using Fleet.Helm.Releases;
using Fleet.StateManager.Inventory;
using Fleet.StateManager.Manifests;
using Fleet.StateManager.Masking;
using Fleet.StateManager.Services;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Tests.Manifests;

public sealed class ManifestReleaseTests
{
    private static readonly ReleaseName Name = new("apps", "web");

    [Fact]
    public void A_changed_definition_is_a_change_of_the_release_though_helm_never_sees_it()
    {
        var before = Of(Definition("a"), ServiceTypes.Resource);
        var after = Of(Definition("b"), ServiceTypes.Resource);
        Assert.Empty(before.Values["objects"]!.AsArray());
        Assert.Single(before.Foundations);
        Assert.NotEqual((string?)before.Values["foundations"], (string?)after.Values["foundations"]);
        Assert.True(JsonNode.DeepEquals(before.Values, Of(Definition("a"), ServiceTypes.Resource).Values));
        Assert.Null(Of("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}", ServiceTypes.Resource).Values["foundations"]);
    }

    [Fact]
    public void What_came_from_a_Secret_is_known_of_every_revision()
    {
        const string old = "pass\"word-of-then";
        var release = Of($"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}, data: {{url: 'https://{old}@host'}}}}", ServiceTypes.Resource, old, "not-in-there");
        Assert.Equal([old], release.Values["secrets"]!.AsArray().Select(text => (string?)text));
        // By now the Secret holds something else, and nobody but the record knows the old password.
        var now = new ServiceSource.Found(null!, [], ReleaseOptions.Default, "1", ["word-of-now"]);
        Assert.Contains(old, RevisionSecrets.Of(now, Record(release.Values)));
    }

    [Fact]
    public void Nothing_out_of_a_secret_source_is_shown()
    {
        const string text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: visible}, data: {key: swordfish}}";
        Assert.Contains("swordfish", ManifestRelease.Of([new("a", text)], Name, ServiceTypes.Resource, true, []).Secrets);
        Assert.DoesNotContain("visible", ManifestRelease.Of([new("a", text)], Name, ServiceTypes.Resource, true, []).Secrets);
        Assert.Empty(ManifestRelease.Of([new("a", text)], Name, ServiceTypes.Resource, false, []).Secrets);
    }

    [Fact]
    public void Only_a_kustomization_is_put_into_the_namespace_of_its_service()
    {
        const string text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: other}}";
        Assert.Contains("\"other\"", (string?)Of(text, ServiceTypes.Resource).Values["objects"]![0], StringComparison.Ordinal);
        Assert.Contains("\"apps\"", (string?)Of(text, ServiceTypes.Kustomize).Values["objects"]![0], StringComparison.Ordinal);
        Assert.NotEqual(ManifestRelease.KeyOf([new("a", text)], Name, ServiceTypes.Resource, false, []), ManifestRelease.KeyOf([new("a", text)], Name, ServiceTypes.Kustomize, false, []));
    }

    [Fact]
    public void Keys_named_like_files_are_values_and_all_others_are_variables()
    {
        var values = ManifestValues.Of(
        [
            SourceText.OfValues(new("ConfigMap", "c", "a.yaml"), "size: small\nname: a", false),
            SourceText.OfValues(new("ConfigMap", "c", "region"), "eu: north", false),
            SourceText.OfValues(new("ConfigMap", "c", "Values"), "hidden", false),
            SourceText.OfValues(ValuesOrigin.Inline, "size: large", true),
        ]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"Values":{"size":"large","name":"a"},"region":"eu: north"}"""), values.Root()));
        Assert.Throws<ServiceValuesException>(() => ManifestValues.Of([SourceText.OfValues(new("ConfigMap", "c", "a.yaml"), "text", false)]));
    }

    private static ManifestRelease Of(string text, string type, params string[] secrets) => ManifestRelease.Of([new("a", text)], Name, type, false, secrets);

    private static string Definition(string description) =>
        $"{{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {{name: foos.example.org}}, spec: {{x: {description}}}}}";

    private static ReleaseManifest Record(JsonObject values)
    {
        var json = new JsonObject { ["name"] = "web", ["manifest"] = "", ["config"] = values.DeepClone(), ["chart"] = new JsonObject() };
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(json.ToJsonString()));
        return ReleaseManifest.Read(Encoding.UTF8.GetBytes(Convert.ToBase64String(packed.ToArray())));
    }
}
