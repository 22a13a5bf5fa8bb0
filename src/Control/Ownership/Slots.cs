using System.IO.Hashing;
using System.Text;
using Fleet.Control.Grains;

namespace Fleet.Control.Ownership;

/// <summary>
/// Grains are shared out in slots, so that the table of owners has a fixed size whatever the number of clusters. The slot of a grain follows from its name alone and must be
/// the same in every version of Fleet, since replicas of two versions share a fleet during an upgrade.
/// </summary>
internal static class Slots
{
    /// <summary>Enough that ten replicas are within a tenth of even with 10,000 clusters, few enough that the table is a small object.</summary>
    public const int Count = 512;

    public static int Of(GrainId grain) => (int)(Hash($"{grain.Kind}/{grain.Key.Namespace}/{grain.Key.Name}") % Count);

    /// <summary>How much a replica is the natural owner of a slot: the highest of all replicas is (rendezvous hashing), so one that leaves moves only its own slots.</summary>
    public static ulong Affinity(int slot, string replica) => Hash($"{slot}@{replica}");

    private static ulong Hash(string text) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text));
}
