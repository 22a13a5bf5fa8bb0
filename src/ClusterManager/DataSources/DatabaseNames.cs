using System.Security.Cryptography;
using System.Text;
using Fleet.Control.Queueing;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.DataSources;

/// <summary>Names of databases and how they are written in SQL. Pure, but for the chance that is given.</summary>
internal static class DatabaseNames
{
    /// <summary>PostgreSQL cuts longer names off, and two that are cut off may be the same.</summary>
    public const int Longest = 63;

    /// <summary>As Kubernetes' generated names: no vowels, so that no words come out.</summary>
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    private const int Drawn = 5;

    public static string SchemaOf(ObjectKey cluster, IJitterSource chance)
    {
        var drawn = new string([.. Enumerable.Range(0, Drawn).Select(_ => Letters[(int)(chance.Next() * Letters.Length)])]);
        var name = $"{cluster.Namespace}_{cluster.Name}".Replace('-', '_');
        if (name.Length + 1 + Drawn > Longest)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{cluster}"))[..4]);
            name = $"{name[..(Longest - Drawn - hash.Length - 2)]}_{hash}";
        }
        return $"{name}_{drawn}";
    }

    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A literal that means the same whether or not backslashes are special to the server.</summary>
    public static string Literal(string text) =>
        $"E'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
