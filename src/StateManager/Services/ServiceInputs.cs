using Fleet.Contracts.Services;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Patches;

namespace Fleet.StateManager.Services;

/// <summary>What the services of a set are made of beside their templates: values of each, and the patches of all.</summary>
internal sealed class ServiceInputs(ServiceValuesReader values, PatchReader patches)
{
    public async Task<(IReadOnlyList<ValuesReading> Values, PatchReading Patches)> ReadAsync(
        ServiceSet set, ObjectKey cluster, IReadOnlyList<PlacedService> services, SetMemory memory, PostedSources posted, CancellationToken ct) => (
        await values.ReadAsync(set, cluster, services, memory.Values, posted, ct),
        services.Count == 0 ? PatchReading.None : await patches.ReadAsync(set, cluster, memory.Patches, posted, ct));
}
