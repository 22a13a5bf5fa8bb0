using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Regions;

/// <summary>
/// Bounds how many clusters of one region are worked on at once, so that a slow one does not take the places of all others. Nobody waits inside: who finds
/// no place is called when there is one.
/// </summary>
internal sealed class RegionGate(int most, Action<ObjectKey> call)
{
    private readonly Lock gate = new();
    private readonly Queue<ObjectKey> waiting = new();
    private readonly HashSet<ObjectKey> known = [];
    private int inside;

    /// <summary>Null when there is no place now. Dispose the result to give the place back.</summary>
    public IDisposable? TryEnter(ObjectKey key)
    {
        lock (gate)
        {
            if (inside < most)
            {
                inside++;
                return new Place(this);
            }
            if (known.Add(key))
                waiting.Enqueue(key);
            return null;
        }
    }

    private void Leave()
    {
        ObjectKey next;
        lock (gate)
        {
            inside--;
            if (!waiting.TryDequeue(out next))
                return;
            known.Remove(next);
        }
        call(next);
    }

    private sealed class Place(RegionGate owner) : IDisposable
    {
        private RegionGate? entered = owner;

        public void Dispose() => Interlocked.Exchange(ref entered, null)?.Leave();
    }
}
