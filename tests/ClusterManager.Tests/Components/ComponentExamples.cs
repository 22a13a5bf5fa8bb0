using Fleet.ClusterManager.Components;
using Fleet.ClusterManager.Releases;
using Fleet.Contracts.Templates;
using Fleet.Control.Health;
using Fleet.Helm.Charts;
using ProviderTemplate = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Templates.ProviderTemplateSpec, Fleet.Contracts.Templates.ProviderTemplateStatus>;
using Release = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Releases.ReleaseSpec, Fleet.Contracts.Releases.ReleaseStatus>;

namespace Fleet.ClusterManager.Tests.Components;

/// <summary>A management cluster with the core, and a provider for AWS.</summary>
internal static class ComponentExamples
{
    public const string Aws = "cluster-api-provider-aws";

    public static readonly TimeSpan HelmTimeout = TimeSpan.FromMinutes(5);

    public static Release Release { get; } = new()
    {
        Metadata = new() { Name = "fleet-1", Generation = 1 },
        Spec = new()
        {
            Version = "1.0.0",
            Kcm = new() { Template = "fleet-1" },
            Capi = new() { Template = "capi-1" },
            Providers = [new() { Name = Aws, Template = "aws-1" }, new() { Name = "projectsveltos", Template = "sveltos-1" }],
        },
        Status = new() { Ready = true, ObservedGeneration = 1 },
    };

    public static ComponentTarget Target(params (string Key, string Value)[] annotations) => new()
    {
        Client = null!, Access = new(""), Owner = new() { Name = "kcm", Uid = "uid-1", Annotations = annotations.ToDictionary(pair => pair.Key, pair => pair.Value) },
    };

    public static ProviderTemplate Template(string name, string[]? providers = null, Dictionary<string, string>? contracts = null) => new()
    {
        Metadata = new() { Name = name, Generation = 1 },
        Spec = new() { Helm = new HelmSpec() },
        Status = new() { Valid = true, ObservedGeneration = 1, ChartVersion = "1.0.0", Providers = providers?.ToList(), CapiContracts = contracts },
    };

    public static ChartArchive Chart(string name, string digest = "sha256:1") => new()
    {
        Digest = digest, Path = "/nowhere", Content = new() { Metadata = new() { ApiVersion = "v2", Name = name, Version = "1.0.0" } },
    };

    public static ComponentFacts Core() => Component("capi", "capi-1", [], contracts: new() { ["v1beta1"] = "", ["v1beta2"] = "" });

    public static ComponentFacts Provider() => Component(Aws, "aws-1", ["infrastructure-aws"], ["capi"], new() { ["v1beta2"] = "v1beta2", ["v1beta9"] = "v9" });

    public static ComponentFacts Component(string name, string template, string[] providers, string[]? after = null, Dictionary<string, string>? contracts = null) =>
        new(new(name) { Template = template, After = after ?? [] }, new("kcm-system", name)) { Template = Template(template, providers, contracts), Chart = Chart(name) };

    public static ComponentsFacts Facts(params ComponentFacts[] wanted) => new() { Target = Target(), Wanted = wanted };

    /// <summary>As it is after its release was installed as wanted.</summary>
    public static ComponentFacts Installed(this ComponentFacts component, ComponentHealth? health = null, string status = "deployed", string? fingerprint = null)
    {
        var step = ComponentPlanner.Plan(Facts(component with { Wanted = component.Wanted with { After = [] }, Installed = null }), HelmTimeout).Steps[0];
        return component with { Installed = Present(component.Wanted.Name, fingerprint ?? step.Fingerprint, status) with { Health = health ?? ComponentHealth.Healthy } };
    }

    public static InstalledComponent Present(string name, string fingerprint = "x", string status = "deployed") =>
        new(name, new("kcm-system", name), new ReleaseRecord(1, status, fingerprint) { Owner = "uid-1" });

    public static ComponentHealth Sick(string why) => new(WorkloadVerdict.Failed, why);
}
