using Fleet.Backup.Archives;
using Fleet.Kubernetes.Objects;

namespace Fleet.Backup.Restores;

/// <summary><c>kind</c>, <c>kind/name</c> or <c>kind/namespace/name</c>; a star stands for any namespace or name, a kind may be plural and have its group behind it.</summary>
public sealed record ObjectSelection(string Kind, string? Namespace, string? Name)
{
    private const string Any = "*";

    /// <exception cref="FormatException">It is none.</exception>
    public static ObjectSelection Parse(string text)
    {
        var words = text.Split('/');
        if (words.Length > 3 || words.Any(word => word.Length == 0))
            throw new FormatException($"\"{text}\" selects no objects. Write kind, kind/name or kind/namespace/name, for instance clusterdeployment/team-a/web.");
        return words.Length switch { 1 => new(words[0], null, null), 2 => new(words[0], null, words[1]), _ => new(words[0], words[1], words[2]) };
    }

    public bool Selects(PartKind kind, ObjectKey key) =>
        IsKind(kind) && (Namespace is null or Any || Namespace == key.Namespace) && (Name is null or Any || Name == key.Name);

    private bool IsKind(PartKind kind) => Kind == Any
        || Same(kind.Kind) || Same(kind.Plural) || Same($"{kind.Kind}.{kind.Group}") || Same($"{kind.Plural}.{kind.Group}");

    private bool Same(string word) => string.Equals(Kind, word, StringComparison.OrdinalIgnoreCase);
}
