using System.Text.Json.Nodes;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>A managed cluster, real or simulated, for services without charts, with a namespace of the test's own.</summary>
internal sealed class ManifestStage : IDisposable
{
    public static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);
    public static readonly ResourceKind Secrets = new("", "v1", "Secret", "secrets", true);
    public static readonly ResourceKind Definitions = new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false);

    private readonly StateManagerEnvironment environment;
    private readonly IKubernetesClient? own;

    private ManifestStage(StateManagerEnvironment environment, string cluster, string name, IKubernetesClient? own)
    {
        this.environment = environment;
        this.own = own;
        Cluster = cluster;
        Name = name;
    }

    public string Cluster { get; }

    /// <summary>Of the ServiceTemplate, the ServiceSet, the service and the namespace.</summary>
    public string Name { get; }

    public IKubernetesClient Managed => own ?? environment.Managed;

    /// <param name="environment">With the management cluster.</param>
    /// <param name="server"><c>kube-apiserver</c> or <c>embedded</c>.</param>
    /// <param name="name">Unique among the tests that share the environment.</param>
    public static async Task<ManifestStage> OnAsync(StateManagerEnvironment environment, string server, string name)
    {
        if (server == "embedded")
            return new(environment, "prod", name, null);
        var fixture = await RealApiServer.SharedAsync();
        var kubeconfig = await File.ReadAllTextAsync(fixture.KubeconfigPath);
        await environment.SetKubeconfigAsync("real", kubeconfig);
        return new(environment, "real", name, KubernetesClient.Create(KubeConfig.Parse(kubeconfig, "test").Endpoint()));
    }

    /// <summary>Manifests as YAML; NAME is the stage's.</summary>
    public async Task ApplyAsync(string yaml)
    {
        foreach (var document in KubernetesYaml.ReadAll(yaml.Replace("NAME", Name, StringComparison.Ordinal)))
        {
            if ((document["metadata"] as JsonObject)?["namespace"] is null)
                document["metadata"]!["namespace"] = StateManagerEnvironment.Namespace;
            await environment.ApplyAsync(document);
        }
    }

    /// <summary>The template with this spec, and a set with one service of it.</summary>
    /// <param name="spec">Flow style, for instance <c>{resources: {localSourceRef: {kind: ConfigMap, name: NAME}}}</c>.</param>
    /// <param name="service">More fields of the service.</param>
    public Task ServeAsync(string spec, string service = "") => ApplyAsync($$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceTemplate
        metadata: {name: NAME}
        spec: {{spec}}
        ---
        {{Set(service)}}
        """);

    public string Set(string service = "") => $$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceSet
        metadata: {name: NAME}
        spec: {cluster: {{Cluster}}, provider: {}, services: [{name: NAME, namespace: NAME, template: NAME{{(service.Length > 0 ? ", " + service : "")}}}]}
        """;

    public Task<JsonObject> ServiceAsync(string state) => environment.ServiceAsync(Name, Name, state);

    public Task<DynamicObject?> UntilSetAsync(Func<DynamicObject?, bool> expected, string what) =>
        StateManagerEnvironment.EventuallyAsync(() => environment.GetAsync("ServiceSet", Name), expected, $"ServiceSet {Name} {what}");

    public Task<DynamicObject?> TemplateAsync(Func<JsonObject?, bool> expected, string what) =>
        StateManagerEnvironment.EventuallyAsync(() => environment.GetAsync("ServiceTemplate", Name), t => expected(t?.At("status") as JsonObject), $"template {Name} {what}");

    /// <summary>A field of an object in the stage's namespace of the managed cluster once it is as expected.</summary>
    public Task UntilAsync(ResourceKind kind, string name, Func<DynamicObject?, bool> expected, string what) => StateManagerEnvironment.EventuallyAsync(
        () => Managed.Dynamic(kind).GetAsync(kind.Namespaced ? new(Name, name) : ObjectKey.Cluster(name), default), expected, $"{kind.Kind} {name} {what}");

    public Task UntilDataAsync(string configMap, string key, string? value) =>
        UntilAsync(ConfigMaps, configMap, o => (string?)o?.At("data", key) == value, $"with {key}={value}");

    public Task<DynamicObject?> GetAsync(ResourceKind kind, string name) => Managed.Dynamic(kind).GetAsync(kind.Namespaced ? new(Name, name) : ObjectKey.Cluster(name), default);

    public Task RemoveAsync() => environment.DeleteSetAsync(Name);

    public void Dispose() => own?.Dispose();
}
