using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Storage;

namespace Fleet.ControlPlane.Machinery;

/// <summary>The catalog of one cluster: built-in kinds and what its CustomResourceDefinitions add.</summary>
internal sealed class CustomKinds
{
    private readonly ObjectTable table;
    private readonly Lock gate = new();
    private TableState? seen;
    private KindCatalog catalog = KindCatalog.BuiltIn;
    private Dictionary<string, (StoredObject Definition, IReadOnlyList<KindInfo> Kinds)> known = [];

    public CustomKinds(Cluster cluster) => table = cluster.Store.Table(BuiltInKinds.Definitions.StorageName);

    public KindCatalog Catalog
    {
        get
        {
            // The table's state is replaced by every change, so comparing the reference is enough.
            var state = table.State;
            return ReferenceEquals(state, Volatile.Read(ref seen)) ? Volatile.Read(ref catalog) : Rebuild();
        }
    }

    private KindCatalog Rebuild()
    {
        lock (gate)
        {
            var state = table.State;
            if (ReferenceEquals(state, seen)) return catalog;
            var next = new Dictionary<string, (StoredObject, IReadOnlyList<KindInfo>)>(StringComparer.Ordinal);
            var all = new List<KindInfo>(BuiltInKinds.All);
            foreach (var definition in state.Range(null))
            {
                // A definition whose status alone has changed keeps its kinds, and with them their parsed schemas.
                var entry = known.TryGetValue(definition.Key.Name, out var old) && DefinitionKinds.SameSpec(old.Definition, definition)
                    ? old
                    : (definition, DefinitionKinds.Of(definition.Parse()));
                next[definition.Key.Name] = entry;
                all.AddRange(entry.Item2);
            }
            known = next;
            Volatile.Write(ref catalog, next.Count == 0 ? KindCatalog.BuiltIn : new KindCatalog(all));
            Volatile.Write(ref seen, state);
            return catalog;
        }
    }
}
