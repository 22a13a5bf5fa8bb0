using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Services;

/// <summary>What a preview takes to be there before anybody has written it; it goes before what is.</summary>
/// <param name="Values">ConfigMaps and Secrets.</param>
internal sealed record PostedSources(IReadOnlyList<ServiceTemplate> Templates, IReadOnlyList<DynamicObject> Values)
{
    public static PostedSources None { get; } = new([], []);

    public ServiceTemplate? Template(ObjectKey key) => Templates.LastOrDefault(template => template.Metadata.Key == key);

    public DynamicObject? Source(string kind, ObjectKey key) => Values.LastOrDefault(item => item.Kind == kind && item.Key == key);
}
