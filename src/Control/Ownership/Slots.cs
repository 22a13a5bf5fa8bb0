using System.IO.Hashing;
using System.Text;
using Fleet.Control.Grains;

namespace Fleet.Control.Ownership;

/// <summary>
/// Grains are shared out in slots, so that the table of owners has a fixed size whatever the number of clusters. The slot of a grain follows from its name alone, unless it is
/// pinned, and must be the same in every version of Fleet, since replicas of two versions share a fleet during an upgrade.
/// </summary>
internal static class Slots
{
    /// <summary>Enough that ten replicas are within a tenth of even with 10,000 clusters, few enough that the table is a small object.</summary>
    public const int Count = 512;

    /// <summary>Behind those of everybody each pool has slots of its own: fewer, since a pool is a few replicas.</summary>
    public const int PerPool = 64;

    public const int MostPools = 16;

    /// <summary>As many as there can be.</summary>
    public const int Most = Count + (MostPools * PerPool);

    /// <summary>Of a grain that is not pinned.</summary>
    public static int Of(GrainId grain) => (int)(Hash(NameOf(grain)) % Count);

    /// <summary>Of a grain that is pinned to the pool with this place in the table.</summary>
    public static int InPool(GrainId grain, int pool) => Count + (pool * PerPool) + (int)(Hash(NameOf(grain)) % PerPool);

    /// <summary>How much a replica is the natural owner of a slot: the highest of all replicas is (rendezvous hashing), so one that leaves moves only its own slots.</summary>
    public static ulong Affinity(int slot, string replica) => Hash($"{slot}@{replica}");

    private static string NameOf(GrainId grain) => $"{grain.Kind}/{grain.Key.Namespace}/{grain.Key.Name}";

    private static ulong Hash(string text) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text));
}
