using Fleet.Helm.Releases;
using Fleet.StateManager.Manifests;

namespace Fleet.StateManager.Tests.Manifests;

public sealed class ManifestReaderTests
{
    private static readonly ReleaseName Release = new("apps", "web");

    [Fact]
    public void Documents_and_lists_become_objects_in_order()
    {
        var set = Read("""
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
            - apiVersion: v1
              kind: ConfigMapList
              items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]
            ---
            # nothing but a remark
            ---
            apiVersion: example.org/v1
            kind: PriceList
            metadata: {name: p}
            spec: {items: [1]}
            """);
        Assert.Equal(["b", "a", "p"], set.Objects.Select(o => (string?)o["metadata"]!["name"]));
        Assert.Empty(set.Foundations);
    }

    [Fact]
    public void Definitions_and_the_own_namespace_come_first_and_stay()
    {
        var set = Read("""
            {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: foos.example.org}}
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: apps, labels: {team: a}}}
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: other}}
            ---
            {apiVersion: example.org/v1, kind: Foo, metadata: {name: f}}
            """);
        Assert.Equal(["foos.example.org", "apps"], set.Foundations.Select(o => (string?)o["metadata"]!["name"]));
        Assert.Equal(["other", "f"], set.Objects.Select(o => (string?)o["metadata"]!["name"]));
    }

    [Fact]
    public void The_namespace_of_a_kustomization_replaces_what_objects_state()
    {
        const string text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: x}}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}";
        Assert.Equal(["x", null], Read(text).Objects.Select(o => (string?)o["metadata"]!["namespace"]));
        // What states none is put there by helm, if it belongs into a namespace at all.
        Assert.Equal(["apps", null], ManifestReader.Read([new("a", text)], Release, "apps").Objects.Select(o => (string?)o["metadata"]!["namespace"]));
    }

    [Fact]
    public void Texts_of_secrets_are_known_as_they_are_and_decoded()
    {
        var set = Read($"{{apiVersion: v1, kind: Secret, metadata: {{name: s}}, data: {{a: {Convert.ToBase64String("hunter2222"u8)}}}, stringData: {{b: swordfish}}}}");
        Assert.Contains("hunter2222", set.Secrets);
        Assert.Contains("swordfish", set.Secrets);
    }

    [Theory]
    [InlineData("{apiVersion: v1, kind: A, metadata: {name: a}}\n---\n{apiVersion: v1, kind: A, metadata: {name: a, namespace: apps}}", "A a (namespace apps) is there twice: in one and in one")]
    [InlineData("{apiVersion: g/v1, kind: A, metadata: {name: a}}\n---\n{apiVersion: g/v2, kind: A, metadata: {name: a}}", "is there twice")]
    [InlineData("{kind: A, metadata: {name: a}}", "one: an object has no apiVersion or no kind")]
    [InlineData("{apiVersion: v1, kind: 3, metadata: {name: a}}", "no kind")]
    [InlineData("{apiVersion: v1, kind: A}", "one: a A has no metadata.name")]
    [InlineData("{apiVersion: v1, kind: A, metadata: {generateName: a-}}", "no metadata.name")]
    [InlineData("{apiVersion: v1, kind: A, metadata: {name: a, namespace: [x]}}", "metadata.namespace of A a is no text")]
    [InlineData("{apiVersion: kustomize.config.k8s.io/v1beta1, kind: Kustomization}", "is a kustomization; name its folder in spec.kustomize")]
    [InlineData("- a\n- b", "a manifest must be a mapping")]
    [InlineData("a: [", "one: YAML document 1")]
    [InlineData("# nothing", "there is no object in it")]
    public void What_is_no_object_or_stands_twice_is_refused(string text, string says)
    {
        var e = Assert.Throws<ManifestException>(() => Read(text));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.True(e.IsFault);
    }

    [Fact]
    public void One_object_in_two_files_is_told_with_both()
    {
        var e = Assert.Throws<ManifestException>(() => ManifestReader.Read(
            [new("x.yaml", "{apiVersion: v1, kind: A, metadata: {name: a}}"), new("y.yaml", "{apiVersion: v1, kind: A, metadata: {name: a}}")], Release, null));
        Assert.Contains("in x.yaml and in y.yaml", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_objects_are_refused()
    {
        var text = string.Join("\n---\n", Enumerable.Range(0, ManifestReader.MaxObjects + 1).Select(i => $"{{apiVersion: v1, kind: A, metadata: {{name: a{i}}}}}"));
        Assert.Contains("more than 1000 objects", Assert.Throws<ManifestException>(() => Read(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_helm_can_not_keep_a_record_of_is_told_before_it_runs()
    {
        Assert.Null(ReleaseRoom.Problem(["{}"]));
        var packable = Enumerable.Range(0, 100).Select(_ => new string('x', 100_000)).ToList();
        Assert.Null(ReleaseRoom.Problem(packable));
        var noise = Enumerable.Range(0, 10).Select(_ => Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(60_000))).ToList();
        Assert.Contains("10 objects are too large for one service", ReleaseRoom.Problem(noise), StringComparison.Ordinal);
    }

    private static ManifestSet Read(string text) => ManifestReader.Read([new("one", text)], Release, null);
}
