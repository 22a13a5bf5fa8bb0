using System.Text;
using Fleet.Control.Templates;
using Fleet.StateManager.Manifests;

namespace Fleet.StateManager.Tests.Manifests;

public sealed class KustomizationFilesTests
{
    [Fact]
    public void An_overlay_with_everything_in_the_source_passes()
    {
        Check("overlays/prod",
            ("overlays/prod/kustomization.yaml", """
                resources: [../../base, more.yaml]
                components: [../../components/tls]
                patches: [{path: patch.yaml}, {patch: "- {op: remove, path: /spec/x}", target: {kind: Deployment}}]
                patchesStrategicMerge:
                - |
                  apiVersion: v1
                  kind: ConfigMap
                  metadata: {name: a}
                configMapGenerator: [{name: c, files: [settings.ini, other=settings.ini], envs: [a.env], literals: ["URL=https://example.org"]}]
                commonAnnotations: {docs: "https://example.org/docs"}
                """),
            ("overlays/prod/more.yaml", ""), ("overlays/prod/patch.yaml", ""), ("overlays/prod/settings.ini", ""), ("overlays/prod/a.env", ""),
            ("base/kustomization.yml", "resources: [a.yaml]"), ("base/a.yaml", ""),
            ("components/tls/Kustomization", "kind: Component"));
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "resources: ['https://github.com/org/repo//base?ref=v1']", "kustomization.yaml refers to https://github.com/org/repo//base: nothing is fetched" },
        { "resources: ['github.com/org/repo']", "nothing is fetched" },
        { "resources: ['git@github.com:org/repo']", "nothing is fetched" },
        { "resources: ['https://user:swordfish@example.org/x']", "https://example.org/x: nothing is fetched" },
        { "Resources: ['https://example.org/x']", "nothing is fetched" },
        { "bases: ['http://127.0.0.1:8080/x']", "nothing is fetched" },
        { "components: ['ssh://git@host/x']", "nothing is fetched" },
        { "crds: ['https://example.org/x']", "nothing is fetched" },
        { "patches: [{path: 'https://example.org/x'}]", "nothing is fetched" },
        { "patchesStrategicMerge: ['https://example.org/x']", "nothing is fetched" },
        { "patchesJson6902: [{path: 'https://example.org/x'}]", "nothing is fetched" },
        { "replacements: [{path: 'https://example.org/x'}]", "nothing is fetched" },
        { "openapi: {path: 'https://example.org/x'}", "nothing is fetched" },
        { "configurations: ['https://example.org/x']", "nothing is fetched" },
        { "configMapGenerator: [{name: c, files: ['k=https://example.org/x']}]", "nothing is fetched" },
        { "secretGenerator: [{name: c, envs: ['https://example.org/x']}]", "nothing is fetched" },
        { "generators: ['https://example.org/x']", "nothing is fetched" },
        { "transformers: [\"apiVersion: builtin\\nkind: PatchTransformer\\npath: https://example.org/x\\n\"]", "nothing is fetched" },
        { "transformers: [\"apiVersion: builtin\\nkind: ConfigMapGenerator\\nfiles: ['https://example.org/x']\\n\"]", "nothing is fetched" },
        { "transformers: [\"apiVersion: example.org/v1\\nkind: Evil\\n\"]", "Evil is no builtin of kustomize" },
        { "generators: [\"apiVersion: builtin\\nkind: HelmChartInflationGenerator\\n\"]", "without helm" },
        { "helmCharts: [{name: x, repo: 'https://example.org'}]", "helmCharts is not supported" },
        { "resources: [../../etc]", "leads out of the source" },
        { "resources: [/etc/passwd]", "leads out of the source" },
        { "resources: [nope.yaml]", "kustomization.yaml refers to nope.yaml, which is not in the source" },
        { "resources: [folder]", "there is no kustomization.yaml in folder" },
        { "patches: [{path: folder}]", "which is a folder; a file is expected" },
        { "resources: []\nRESOURCES: []", "stands twice" },
        { "a: 1\n---\nb: 2", "one document is expected" },
        { "a: [", "kustomization.yaml: YAML document 1" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void What_is_not_in_the_source_or_not_done_is_refused(string kustomization, string says)
    {
        var e = Assert.Throws<ManifestException>(() => Check("", ("kustomization.yaml", kustomization), ("folder/a.yaml", "")));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_kustomization_is_told()
    {
        Assert.Contains("no kustomization.yaml in apps", Assert.Throws<ManifestException>(() => Check("apps", ("apps/a.yaml", ""))).Message, StringComparison.Ordinal);
        Assert.Contains("the root of the source", Assert.Throws<ManifestException>(() => Check("", ("apps/a.yaml", ""))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_that_refer_to_each_other_end() =>
        Check("a", ("a/kustomization.yaml", "resources: [../b]"), ("b/kustomization.yaml", "resources: [../a]"));

    [Fact]
    public void What_must_not_be_shown_is_found_wherever_it_stands()
    {
        var secrets = Check("",
            ("kustomization.yaml", """
                resources: [secret.yaml]
                secretGenerator: [{name: s, literals: ["a=literal-one"], files: [key.pem], envs: [pass.env]}]
                patches:
                - patch: |
                    {apiVersion: v1, kind: Secret, metadata: {name: x}, stringData: {p: inline-two}}
                - patch: "[{op: add, path: /data/x, value: step-three}]"
                  target: {kind: Secret}
                """),
            ("secret.yaml", "{apiVersion: v1, kind: Secret, metadata: {name: x}, stringData: {p: file-four}}"),
            ("key.pem", "key-five"), ("pass.env", "P=env-six\n"));
        Assert.Empty(new[] { "literal-one", "inline-two", "step-three", "file-four", "key-five", "env-six" }.Except(secrets));
    }

    private static IReadOnlyCollection<string> Check(string folder, params (string Path, string Text)[] files) =>
        KustomizationFiles.Check(new MemoryTree(files.ToDictionary(file => file.Path, file => Encoding.UTF8.GetBytes(file.Text))), folder);
}
