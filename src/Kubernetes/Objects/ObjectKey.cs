namespace Fleet.Kubernetes.Objects;

/// <summary>Namespace and name; the namespace is empty for cluster-scoped objects.</summary>
public readonly record struct ObjectKey(string Namespace, string Name) : IComparable<ObjectKey>
{
    public static ObjectKey Cluster(string name) => new("", name);

    public int CompareTo(ObjectKey other)
    {
        var byNamespace = string.CompareOrdinal(Namespace, other.Namespace);
        return byNamespace != 0 ? byNamespace : string.CompareOrdinal(Name, other.Name);
    }

    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";

    public static bool operator <(ObjectKey a, ObjectKey b) => a.CompareTo(b) < 0;
    public static bool operator >(ObjectKey a, ObjectKey b) => a.CompareTo(b) > 0;
    public static bool operator <=(ObjectKey a, ObjectKey b) => a.CompareTo(b) <= 0;
    public static bool operator >=(ObjectKey a, ObjectKey b) => a.CompareTo(b) >= 0;
}
