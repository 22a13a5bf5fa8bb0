using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Authentication;

/// <summary>Signs and checks ServiceAccount tokens (JWT, ES256). The issuer names the cluster: a token is good in one cluster only.</summary>
internal sealed class ServiceAccountTokens
{
    public const string DefaultAudience = "https://kubernetes.default.svc";

    private static readonly KindInfo Accounts = BuiltInKinds.Find("", "serviceaccounts");
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"ES256","typ":"JWT"}"""u8);

    private readonly ECDsa key;
    private readonly TimeProvider clock;

    private ServiceAccountTokens(ECDsa key, TimeProvider clock)
    {
        this.key = key;
        this.clock = clock;
    }

    public static ServiceAccountTokens Open(ControlPlaneFiles files, TimeProvider clock)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(files.TokenKey)) key.ImportFromPem(File.ReadAllText(files.TokenKey));
        else ControlPlaneFiles.WriteSecret(files.TokenKey, key.ExportECPrivateKeyPem() + "\n");
        return new(key, clock);
    }

    public (string Token, DateTimeOffset Expires) Issue(
        Cluster cluster, ObjectKey account, string uid, IReadOnlyList<string> audiences, TimeSpan life)
    {
        var now = clock.GetUtcNow();
        var expires = now + life;
        var claims = new JsonObject
        {
            ["aud"] = new JsonArray([.. audiences.Select(a => (JsonNode)a)]),
            ["exp"] = expires.ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["iss"] = Issuer(cluster),
            ["jti"] = Guid.NewGuid().ToString(),
            ["kubernetes.io"] = new JsonObject
            {
                ["namespace"] = account.Namespace,
                ["serviceaccount"] = new JsonObject { ["name"] = account.Name, ["uid"] = uid },
            },
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["sub"] = $"system:serviceaccount:{account.Namespace}:{account.Name}",
        };
        var signed = $"{Header}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims, KubernetesJson.Default.JsonObject))}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return ($"{signed}.{Base64Url.EncodeToString(signature)}", expires);
    }

    /// <summary>Null unless the signature, the times, the issuer and one of the audiences are right and the account still exists with the same uid.</summary>
    public UserIdentity? Identify(Cluster cluster, string token, IReadOnlyCollection<string>? audiences = null)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || parts[0] != Header || token.Any(character => !char.IsAscii(character))) return null;
        try
        {
            var signature = Base64Url.DecodeFromChars(parts[2]);
            var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
            if (!key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)) return null;
            var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]));
            var now = clock.GetUtcNow().ToUnixTimeSeconds();
            if (claims?["exp"].Number() is not { } expires || expires < now || claims["nbf"].Number() > now) return null;
            if (claims["iss"].Text() != Issuer(cluster)) return null;
            var wanted = audiences is { Count: > 0 } ? audiences : [DefaultAudience];
            if (claims["aud"] is not JsonArray stated || !stated.Any(a => wanted.Contains(a.Text() ?? ""))) return null;
            var place = claims["kubernetes.io"];
            var account = new ObjectKey(place?["namespace"].Text() ?? "", place?["serviceaccount"]?["name"].Text() ?? "");
            var uid = place?["serviceaccount"]?["uid"].Text() ?? "";
            if (cluster.Find(Accounts, account) is not { } found || found.Uid != uid) return null;
            var user = UserIdentity.ServiceAccount(account.Namespace, account.Name, uid);
            return claims["jti"].Text() is { Length: > 0 } id ? user.WithCredential($"JTI={id}") : user;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            return null;
        }
    }

    private static string Issuer(Cluster cluster) =>
        cluster.IsManagement ? DefaultAudience : $"{DefaultAudience}/clusters/{cluster.Name}";
}
