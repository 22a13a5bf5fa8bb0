using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Fleet.Kubernetes.Authentication;

/// <summary>
/// Who a client is. <see cref="GetAsync"/> is asked before every request and must be cheap; safe for concurrent use.
/// No implementation puts a secret into an exception or into <see cref="object.ToString"/>.
/// </summary>
public abstract class ClusterCredential
{
    public static ClusterCredential Anonymous { get; } = new Fixed(CredentialMaterial.None);

    public abstract ValueTask<CredentialMaterial> GetAsync(CancellationToken ct);

    /// <summary>The server answered 401 to this material: whatever is cached must be read again. True when another try may differ.</summary>
    public virtual bool Invalidate(CredentialMaterial rejected) => false;

    public static ClusterCredential Token(string token) => new Fixed(new() { Authorization = new("Bearer", token) });

    public static ClusterCredential Basic(string user, string password)
        => new Fixed(new() { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))) });

    /// <summary>A token that is read again when the file may have been rotated.</summary>
    public static ClusterCredential TokenFile(string path, TimeProvider? clock = null) => new TokenFileCredential(path, clock ?? TimeProvider.System);

    /// <summary>PEM certificate (intermediates may follow) and PEM key, EC or RSA. Throws <see cref="CryptographicException"/> when they do not fit.</summary>
    public static ClusterCredential Certificate(string certificatePem, string keyPem)
        => new Fixed(new() { ClientCertificates = ReadCertificates(certificatePem, keyPem) });

    /// <summary>Both: a certificate at the TLS layer and another credential in the header.</summary>
    internal static ClusterCredential WithCertificate(ClusterCredential header, string certificatePem, string keyPem)
        => new WithClientCertificate(header, ReadCertificates(certificatePem, keyPem));

    internal static X509Certificate2Collection ReadCertificates(string certificatePem, string keyPem)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(certificatePem);
        if (all.Count == 0)
            throw new CryptographicException("The client certificate holds no PEM block CERTIFICATE.");
        all.RemoveAt(0);
        all.Insert(0, X509Certificate2.CreateFromPem(certificatePem, keyPem));
        return all;
    }

    private sealed class Fixed(CredentialMaterial material) : ClusterCredential
    {
        public override ValueTask<CredentialMaterial> GetAsync(CancellationToken ct) => new(material);
    }

    private sealed class WithClientCertificate(ClusterCredential header, X509Certificate2Collection certificates) : ClusterCredential
    {
        private volatile Tuple<CredentialMaterial, CredentialMaterial>? last;

        public override async ValueTask<CredentialMaterial> GetAsync(CancellationToken ct)
        {
            var inner = await header.GetAsync(ct);
            if (last is { } known && ReferenceEquals(known.Item1, inner))
                return known.Item2;
            var both = new CredentialMaterial { Authorization = inner.Authorization, ClientCertificates = certificates };
            last = Tuple.Create(inner, both);
            return both;
        }

        public override bool Invalidate(CredentialMaterial rejected)
            => last is { } known && ReferenceEquals(known.Item2, rejected) && header.Invalidate(known.Item1);
    }
}
