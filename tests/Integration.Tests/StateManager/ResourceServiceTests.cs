using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using Fleet.Integration.Tests.Sources;
using Fleet.Kubernetes.Objects;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>Services from plain manifests, from every kind of source, with real helm.</summary>
public sealed class ResourceServiceTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>
{
    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task A_ConfigMap_is_rendered_followed_and_never_taken_for_empty(string server)
    {
        using var stage = await ManifestStage.OnAsync(environment, server, $"raw-{server[..4]}");
        await stage.ApplyAsync(Manifests("one", more: true));
        await stage.ServeAsync("{version: 7.0.0, resources: {localSourceRef: {kind: ConfigMap, name: NAME}}}", "values: 'size: small'");
        var state = await stage.ServiceAsync("Deployed");
        Assert.Equal(("Resource", "7.0.0"), ((string?)state["type"], (string?)state["version"]));
        await stage.UntilDataAsync("a", "mode", "one small");
        // What is not named in it is put where the service is; what is, stays there.
        Assert.NotNull(await stage.GetAsync(ManifestStage.ConfigMaps, "b"));
        Assert.NotNull(await stage.GetAsync(ManifestStage.Secrets, "login"));

        await stage.ApplyAsync(Manifests("two", more: false));
        await stage.UntilDataAsync("a", "mode", "two small");
        await stage.UntilAsync(ManifestStage.ConfigMaps, "b", o => o is null, "gone");

        // Without its source a service is not without objects. It is at rest by then: nothing but the loss itself wakes it.
        await stage.UntilSetAsync(set => (string?)(set?.At("status", "services") as JsonArray)?[0]?["lastDeployedHash"] is { } hash && hash.EndsWith("@2", StringComparison.Ordinal), "deployed twice");
        var configMaps = ManifestStage.ConfigMaps;
        await environment.Management.Dynamic(configMaps).DeleteAsync(new(StateManagerEnvironment.Namespace, stage.Name), Kubernetes.Resources.DeleteOptions.Background, default);
        var waiting = await stage.ServiceAsync("Pending");
        Assert.Contains($"ConfigMap {StateManagerEnvironment.Namespace}/{stage.Name} does not exist", (string?)waiting["failureMessage"], StringComparison.Ordinal);
        await stage.UntilDataAsync("a", "mode", "two small");
        await stage.ApplyAsync(Manifests("three", more: false));
        await stage.UntilDataAsync("a", "mode", "three small");
        await stage.RemoveAsync();
        await stage.UntilAsync(configMaps, "a", o => o is null, "gone with its service");
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Definitions_come_before_their_objects_change_with_them_and_stay_with_their_data(string server)
    {
        using var stage = await ManifestStage.OnAsync(environment, server, $"crds-{server[..4]}");
        var registry = await OciRegistry.SharedAsync();
        var group = $"{stage.Name}.example.org";
        await PushAsync("{type: object, properties: {size: {type: string}}}", "small");
        await stage.ServeAsync("{resources: {path: manifests, remoteSourceSpec: {oci: {url: 'oci://" + registry.Host + "/NAME', interval: 1s, insecure: true, ref: {tag: latest}}}}}");
        await stage.ServiceAsync("Deployed");
        var foos = new ResourceKind(group, "v1", "Foo", "foos", true);
        await stage.UntilAsync(foos, "first", o => (string?)o?.At("spec", "size") == "small", "made");

        // The same tag means other content: the definition learns a field, and the object has it.
        await PushAsync("{type: object, properties: {size: {type: string}, color: {type: string}}}", "large, color: red");
        await stage.UntilAsync(foos, "first", o => (string?)o?.At("spec", "color") == "red", "with the new field");

        await stage.RemoveAsync();
        await stage.UntilAsync(foos, "first", o => o is null, "gone with its service");
        Assert.NotNull(await stage.GetAsync(ManifestStage.Definitions, $"foos.{group}"));

        async Task PushAsync(string spec, string size) => await OciArtifact.PushAsync(registry, stage.Name, "latest", (OciArtifact.LayerType, OciArtifact.Tar(
            ("manifests/a-foo.yaml", $"{{apiVersion: {group}/v1, kind: Foo, metadata: {{name: first}}, spec: {{size: {size}}}}}"),
            ("manifests/z-definition.yaml", $$$"""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: foos.{{{group}}}, creationTimestamp: null}
                spec:
                  group: {{{group}}}
                  names: {kind: Foo, plural: foos, singular: foo, listKind: FooList}
                  scope: Namespaced
                  versions:
                  - name: v1
                    served: true
                    storage: true
                    schema:
                      openAPIV3Schema:
                        type: object
                        properties:
                          spec: {{{spec}}}
                """),
            ("manifests/readme.md", "not read")), null));
    }

    [Fact]
    public async Task A_bucket_is_a_source()
    {
        using var stage = await ManifestStage.OnAsync(environment, "embedded", "bucket");
        var ceph = await MiniCeph.SharedAsync();
        using var s3 = new AmazonS3Client(ceph.AccessKey, ceph.SecretKey, new AmazonS3Config
        {
            ServiceURL = "http://" + ceph.Endpoint,
            ForcePathStyle = true,
            AuthenticationRegion = "default",
            RequestChecksumCalculation = Amazon.Runtime.RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = Amazon.Runtime.ResponseChecksumValidation.WHEN_REQUIRED,
        });
        await s3.PutBucketAsync("manifests");
        await PutAsync("one");
        await stage.ApplyAsync($$$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: NAME-access}
            stringData: {accesskey: {{{ceph.AccessKey}}}, secretkey: {{{ceph.SecretKey}}}}
            ---
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: Bucket
            metadata: {name: NAME}
            spec: {bucketName: manifests, endpoint: "{{{ceph.Endpoint}}}", region: default, insecure: true, interval: 1s, secretRef: {name: NAME-access}}
            """);
        await stage.ServeAsync("{resources: {path: apps, localSourceRef: {kind: Bucket, name: NAME}}}");
        await stage.ServiceAsync("Deployed");
        await stage.UntilDataAsync("a", "mode", "one");
        await PutAsync("two");
        await stage.UntilDataAsync("a", "mode", "two");

        Task PutAsync(string mode) => s3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = "manifests", Key = "apps/a.yaml", ContentBody = $"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}, data: {{mode: {mode}}}}}",
        });
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task The_sample_is_a_service_that_works(string server)
    {
        using var stage = await ManifestStage.OnAsync(environment, server, $"sample-{server[..4]}");
        var sample = await File.ReadAllTextAsync(Path.Combine(Testing.TestLogs.RepositoryRoot, "deploy", "samples", "servicetemplate-manifests.yaml"));
        await stage.ApplyAsync(sample.Replace("namespace: default", $"namespace: {StateManagerEnvironment.Namespace}", StringComparison.Ordinal).Replace("quotas-1-0-0", "NAME", StringComparison.Ordinal));
        await stage.ApplyAsync(stage.Set("values: 'pods: 50'"));
        await stage.ServiceAsync("Deployed");
        await stage.UntilAsync(new("", "v1", "ResourceQuota", "resourcequotas", true), "team", o => (string?)o?.At("spec", "hard", "pods") == "50", "with 50 pods");
    }

    [Theory]
    [InlineData("local", "{resources: {deploymentType: Local, localSourceRef: {kind: ConfigMap, name: NAME}}}", "spec.resources.deploymentType Local is not supported")]
    [InlineData("absent", "{resources: {localSourceRef: {kind: Secret, name: nowhere}}}", "Secret team-a/nowhere does not exist")]
    [InlineData("twice", "{resources: {localSourceRef: {kind: ConfigMap, name: NAME}}}", "ConfigMap a is there twice")]
    [InlineData("outside", "{kustomize: {path: ../x, localSourceRef: {kind: ConfigMap, name: NAME}}}", "path ../x leaves ConfigMap team-a/outside")]
    public async Task What_can_not_be_used_is_told_by_the_template(string name, string spec, string says)
    {
        using var stage = await ManifestStage.OnAsync(environment, "embedded", name);
        await stage.ApplyAsync("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: NAME}
            data: {a: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}", b: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"}
            """);
        await stage.ServeAsync(spec);
        await stage.TemplateAsync(status => ((string?)status?["validationError"])?.Contains(says, StringComparison.Ordinal) == true, says);
    }

    private static string Manifests(string mode, bool more) => $$$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: NAME}
        data:
          a.yaml: |
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: a}
            data: {mode: "{{{mode}}} {{ .Values.size }}"}
          namespace.yaml: |
            apiVersion: v1
            kind: Namespace
            metadata: {name: NAME, labels: {made: by-service}}
          login.yaml: |
            apiVersion: v1
            kind: Secret
            metadata: {name: login}
            stringData: {password: "fixed-one"}
        """ + (more ? "\n  b.yaml: |\n    apiVersion: v1\n    kind: List\n    items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: NAME}}]\n" : "");
}
