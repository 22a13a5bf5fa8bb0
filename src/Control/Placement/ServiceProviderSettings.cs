using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Services;

namespace Fleet.Control.Placement;

/// <summary>Who installs services and with which settings, from the present fields and the deprecated ones. Pure.</summary>
public static class ServiceProviderSettings
{
    /// <summary>The provider that upstream's manifests mean when they name none.</summary>
    public const string DefaultProvider = "ksm-projectsveltos";

    /// <summary>Upstream's, when nothing else is said.</summary>
    public const int DefaultPriority = 100;

    /// <summary>The deprecated fields count only when nothing of the provider is stated; a name alone means: no settings at all.</summary>
    /// <param name="stated">As its author wrote it. <c>selfManagement</c> says where to, which is not a setting.</param>
    public static ServiceProviderSpec Of(ServiceSpec? stated)
    {
        var name = stated?.Provider?.Name is { Length: > 0 } given ? given : null;
        var config = stated?.Provider?.Config?.DeepClone();
        if (name is null && config is null)
            config = Deprecated((stated ?? new()) with { Services = null, Provider = null });
        return new() { Name = name ?? DefaultProvider, Config = config };
    }

    /// <summary>Who wins when several sources want the same release: the higher number.</summary>
    public static int Priority(ServiceSetSpec set) =>
        set.Provider.Config is JsonObject config && config["priority"] is JsonValue value && value.TryGetValue<int>(out var priority) ? priority : DefaultPriority;

    /// <summary>Sveltos' <c>maxConsecutiveFailures</c>: how often in a row a service is tried with the same content; null for as long as it takes.</summary>
    public static int? MostFailures(ServiceSetSpec set) =>
        set.Provider.Config is JsonObject config && config["maxConsecutiveFailures"] is JsonValue value && value.TryGetValue<int>(out var most) && most > 0 ? most : null;

    // The settings have the same names on both sides. API servers fill in "continueOnError: false" for whoever says nothing of it; stated in the settings
    // it means something.
    private static JsonNode Deprecated(ServiceSpec spec) => JsonSerializer.SerializeToNode(
        new MultiClusterServiceSpec { ServiceSpec = spec with { ContinueOnError = spec.ContinueOnError == true ? true : null } },
        ContractsJson.Default.MultiClusterServiceSpec)!["serviceSpec"]!.DeepClone();
}
