using System.Text.Json;
using Fleet.Contracts.Api;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Rest.Lists;
using Fleet.Rest.Requests;

namespace Fleet.ClusterManager.Api;

/// <summary>The kinds that the admin API shows.</summary>
internal static class AdminKinds
{
    public static ApiKind<ClusterView> Clusters { get; } = new(
        "clusters", FleetKinds.ClusterDeployments.Kind,
        item => Views.Cluster(item.Root.Deserialize(FleetKindsJson.Default.ClusterDeployment)!), ApiJson.Default.ClusterView, ApiJson.Default.PageClusterView)
    {
        Filters =
        [
            Ready<ClusterView>("Only clusters that are ready (true) or are not (false).", view => view.Ready),
            new(new("template", QueryType.Text, "Only clusters of this ClusterTemplate.") { Longest = 253 }, (view, value) => view.Template == value),
            new(new("credential", QueryType.Text, "Only clusters with this Credential.") { Longest = 253 }, (view, value) => view.Credential == value),
            new(new("phase", QueryType.Text, "Only clusters in one of these phases, separated by commas.") { Among = ClusterPhase.All },
                (view, value) => value.Split(',').Contains(view.Phase)),
            Containing<ClusterView>("namespace, name, template or message", view => [view.Namespace, view.Name, view.Template, view.Message]),
        ],
    };

    public static ApiKind<TemplateView> ClusterTemplates { get; } = Templates(
        "cluster-templates", FleetKinds.ClusterTemplates.Kind, item => Views.Template(item.Root.Deserialize(FleetKindsJson.Default.ClusterTemplate)!));

    public static ApiKind<TemplateView> ServiceTemplates { get; } = Templates(
        "service-templates", FleetKinds.ServiceTemplates.Kind, item => Views.Template(item.Root.Deserialize(FleetKindsJson.Default.ServiceTemplate)!));

    public static ApiKind<TemplateView> ProviderTemplates { get; } = Templates(
        "provider-templates", FleetKinds.ProviderTemplates.Kind, item => Views.Template(item.Root.Deserialize(FleetKindsJson.Default.ProviderTemplate)!));

    public static ApiKind<CredentialView> Credentials { get; } = new(
        "credentials", FleetKinds.Credentials.Kind,
        item => Views.Credential(item.Root.Deserialize(FleetKindsJson.Default.Credential)!), ApiJson.Default.CredentialView, ApiJson.Default.PageCredentialView)
    {
        Filters =
        [
            Ready<CredentialView>("Only credentials that can be used (true) or can not (false).", view => view.Ready),
            Containing<CredentialView>("namespace, name, description or identity", view => [view.Namespace, view.Name, view.Description, view.IdentityName]),
        ],
    };

    /// <summary>What <c>/api/v1/watch</c> can follow of them.</summary>
    public static IReadOnlyList<ApiKind> Watched { get; } = [Clusters, ClusterTemplates, ServiceTemplates, ProviderTemplates, Credentials];

    private static ApiKind<TemplateView> Templates(string segment, ResourceKind kind, Func<DynamicObject, TemplateView> view) =>
        new(segment, kind, view, ApiJson.Default.TemplateView, ApiJson.Default.PageTemplateView)
        {
            Filters =
            [
                Ready<TemplateView>("Only templates that are valid (true) or are not (false).", view => view.Valid),
                Containing<TemplateView>("name, chart or description", view => [view.Name, view.Chart, view.Description]),
            ],
        };

    private static ListFilter<TView> Ready<TView>(string description, Func<TView, bool> isReady) =>
        new(new("ready", QueryType.Boolean, description), (view, value) => isReady(view) == (value == "true"));

    private static ListFilter<TView> Containing<TView>(string what, Func<TView, string?[]> texts) =>
        new(new("q", QueryType.Text, $"Only items with this text in {what}; case does not matter.") { Longest = 100 },
            (view, value) => texts(view).Any(text => text?.Contains(value, StringComparison.OrdinalIgnoreCase) == true));
}
