using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Helm.Errors;
using Fleet.Helm.Processes;
using Fleet.Kubernetes.Http;

namespace Fleet.Sources.Git;

/// <summary>
/// Everything that a git process finds: an environment of our own and a configuration file with the credentials, in a private folder in memory. Nothing of a
/// user's or the system's configuration is read, nothing is asked on a terminal, and no secret stands in an argument or a URL.
/// </summary>
internal static class GitAccessFiles
{
    private static readonly string[] Inherited =
        ["PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];

    /// <param name="url">Whose server gets the credentials.</param>
    /// <param name="place">What git is given: where redirects of the URL lead.</param>
    public static async Task<IReadOnlyDictionary<string, string>> WriteAsync(GitSource source, Uri url, Uri place, PrivateFolder folder, CancellationToken ct)
    {
        var config = await folder.WriteAsync("config", Encoding.UTF8.GetBytes(await ConfigAsync(source.Access, url, place, folder, ct)), ct);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = folder.Path,
            ["LC_ALL"] = "C",
            ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["GIT_CONFIG_GLOBAL"] = config,
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["GIT_ASKPASS"] = "/bin/false",
            ["SSH_ASKPASS"] = "/bin/false",
            ["GIT_ALLOW_PROTOCOL"] = url.Scheme,
        };
        foreach (var name in Inherited)
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value) variables[name] = value;
        if (url.Scheme == "ssh") variables["GIT_SSH_COMMAND"] = await SshAsync(source.Access, url, folder, ct);
        return variables;
    }

    /// <summary>What must not appear in messages.</summary>
    public static SecretMask MaskOf(GitAccess? access) => new(
        new[] { access?.Password, access?.BearerToken, access?.SshIdentity, access?.ClientKey, Basic(access) }.Where(secret => secret is { Length: > 0 }).Select(secret => secret!));

    /// <summary>The addresses that were looked at are those that git connects to, whatever the name means a moment later. Null for a name that leads nowhere: git says so.</summary>
    private static async Task<string?> PinAsync(Uri url, CancellationToken ct)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(url.DnsSafeHost, ct);
        }
        catch (SocketException)
        {
            return null;
        }

        var allowed = addresses.Where(address => !ForbiddenAddresses.Contains(address)).ToList();
        if (addresses.Length > 0 && allowed.Count == 0)
            throw new SourceException(SourceErrorKind.Refused, $"{url.Host}: {new ForbiddenAddressException().Message}");
        return url.HostNameType == UriHostNameType.Dns
            ? $"{url.IdnHost}:{url.Port}:{string.Join(',', allowed.Select(address => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : $"{address}"))}"
            : null;
    }

    private static async Task<string> ConfigAsync(GitAccess? access, Uri url, Uri place, PrivateFolder folder, CancellationToken ct)
    {
        var lines = new List<string>
        {
            "[core]", "\thooksPath = /dev/null", "\taskPass = /bin/false",
            "[protocol]", "\tversion = 2",
            // One pack, so that its size is what it is.
            "[fetch]", "\tunpackLimit = 1",
            "[gc]", "\tauto = 0",
            "[maintenance]", "\tauto = false",
            "[submodule]", "\trecurse = false",
            // They were followed already: GitRedirects.
            "[http]", "\tfollowRedirects = false",
        };
        if (url.Scheme != "ssh" && await PinAsync(place, ct) is { } pin) lines.Add($"\tcurloptResolve = {pin}");
        if (access is null || url.Scheme == "ssh") return Text(lines);
        if (access.CaBundle is { Length: > 0 } ca)
            lines.Add($"\tsslCAInfo = {await folder.WriteAsync("ca.crt", Encoding.UTF8.GetBytes(ca), ct)}");
        if (access.ClientCertificate is { Length: > 0 } certificate && access.ClientKey is { Length: > 0 } key)
        {
            lines.Add($"\tsslCert = {await folder.WriteAsync("tls.crt", Encoding.UTF8.GetBytes(certificate), ct)}");
            lines.Add($"\tsslKey = {await folder.WriteAsync("tls.key", Encoding.UTF8.GetBytes(key), ct)}");
        }
        var authorization = access.BearerToken is { Length: > 0 } token ? "Bearer " + token : Basic(access) is { } basic ? "Basic " + basic : null;
        if (authorization is not null)
        {
            // For this server only; curl does not take the header along to another host.
            lines.Add($"[http \"{url.GetLeftPart(UriPartial.Authority)}/\"]");
            lines.Add($"\textraHeader = \"Authorization: {Quoted(authorization)}\"");
        }
        return Text(lines);
    }

    private static async Task<string> SshAsync(GitAccess? access, Uri url, PrivateFolder folder, CancellationToken ct)
    {
        if (access?.SshIdentity is not { Length: > 0 } identity || access.KnownHosts is not { Length: > 0 } hosts)
            throw new SourceException(SourceErrorKind.AuthenticationFailed, $"{url.GetLeftPart(UriPartial.Authority)} needs a Secret with keys identity and known_hosts.");
        var key = await folder.WriteAsync("identity", Encoding.UTF8.GetBytes(identity.ReplaceLineEndings("\n").TrimEnd('\n') + "\n"), ct);
        var known = await folder.WriteAsync("known_hosts", Encoding.UTF8.GetBytes(hosts.ReplaceLineEndings("\n").TrimEnd('\n') + "\n"), ct);
        // git gives this to a shell; the paths are our own and have no character that means something there.
        return $"ssh -F /dev/null -i {key} -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes -o StrictHostKeyChecking=yes"
            + $" -o UserKnownHostsFile={known} -o GlobalKnownHostsFile=/dev/null -o PasswordAuthentication=no -o ConnectTimeout=20 -o ForwardAgent=no -o ForwardX11=no";
    }

    private static string? Basic(GitAccess? access) => access?.Username is { Length: > 0 } user
        ? Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{access.Password}"))
        : null;

    private static string Quoted(string text) => text.Any(char.IsControl)
        ? throw new SourceException(SourceErrorKind.Invalid, "The Secret of the source holds a token with a line break.")
        : text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Text(IEnumerable<string> lines) => string.Join('\n', lines) + "\n";
}
