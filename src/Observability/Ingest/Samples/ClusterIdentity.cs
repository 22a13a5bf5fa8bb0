using System.Text;
using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Ingest.Samples;

/// <summary>
/// The cluster that a request comes from, as its token says. Its labels are set on every series; what the sender has under these names is replaced,
/// so that no cluster can write into another one's series.
/// </summary>
public sealed class ClusterIdentity
{
    public const string ClusterLabel = "cluster", NamespaceLabel = "clusterNamespace", UidLabel = "clusterUid";

    public ClusterIdentity(string @namespace, string name, string uid)
    {
        (Namespace, Name, Uid) = (@namespace, name, uid);
        // In the order of their names, as the labels of a series are.
        Labels = [new(ClusterLabel, name), new(NamespaceLabel, @namespace), new(UidLabel, uid)];
        Fields = [.. Labels.SelectMany(label => label.Field)];
    }

    /// <summary>The tenant.</summary>
    public string Namespace { get; }

    public string Name { get; }

    /// <summary>Of the ClusterDeployment: a cluster that comes after another one under its name is another one.</summary>
    public string Uid { get; }

    internal IdentityLabel[] Labels { get; }

    /// <summary>All of them as they stand in a series.</summary>
    internal byte[] Fields { get; }

    public override string ToString() => $"{Namespace}/{Name}";
}

/// <summary>A label, and the field of a series that says it.</summary>
internal sealed class IdentityLabel
{
    public IdentityLabel(string name, string value)
    {
        (Name, Value) = (Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        var content = ProtoFields.SizeOfBytes(Name.Length) + ProtoFields.SizeOfBytes(Value.Length);
        Field = new byte[ProtoFields.SizeOfBytes(content)];
        var at = ProtoFields.WriteHead(Field, 1, content);
        at += ProtoFields.WriteBytes(Field.AsSpan(at), 1, Name);
        ProtoFields.WriteBytes(Field.AsSpan(at), 2, Value);
    }

    public byte[] Name { get; }

    public byte[] Value { get; }

    public byte[] Field { get; }
}
