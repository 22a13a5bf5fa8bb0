using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;

namespace Fleet.Testing.Grains;

/// <summary>Owners of grains whose epochs a test chooses. They take themselves for current, as a process does that was frozen and has not noticed.</summary>
public static class KnownOwner
{
    public static GrainOwnership Of(GrainId grain, long epoch = 1) => new(grain, epoch, Sure.Directory);

    /// <summary>Of the grain of a cluster's costs.</summary>
    public static GrainOwnership OfCosts(string @namespace, string cluster, long epoch = 1) => Of(new("collection", new ObjectKey(@namespace, cluster)), epoch);

    public static GrainOwnership OfSingleton(string name, long epoch = 1) => Of(GrainId.OfSingleton(name), epoch);

    private sealed class Sure : IGrainDirectory
    {
        public static Sure Directory { get; } = new();

        public ValueTask<long?> TryOwnAsync(GrainId grain, CancellationToken ct) => throw new NotSupportedException();

        public bool IsCurrent(GrainId grain, long epoch) => true;

        public ValueTask ReleaseAsync(GrainId grain, long epoch) => ValueTask.CompletedTask;
    }
}
