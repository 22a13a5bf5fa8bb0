using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Lifecycle;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Serving;
using Fleet.ControlPlane.Storage;

namespace Fleet.ControlPlane.Hosting;

/// <summary>
/// A running API server with its clusters. Started by <see cref="StartAsync"/>, which returns when it answers requests; disposing it stops it
/// and flushes what it keeps.
/// </summary>
public sealed class ControlPlaneHost : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly ClusterControllers controllers;
    private readonly Journal? journal;
    private readonly ControlPlaneFiles files;
    private readonly AdminKubeconfig kubeconfig;

    private ControlPlaneHost(
        WebApplication application, ClusterRegistry clusters, ClusterControllers controllers, Journal? journal, ControlPlaneFiles files, AdminKubeconfig kubeconfig, Uri address)
    {
        this.kubeconfig = kubeconfig;
        this.application = application;
        this.controllers = controllers;
        this.journal = journal;
        this.files = files;
        Clusters = clusters;
        Address = address;
    }

    /// <summary><c>https://127.0.0.1:port</c>: the management cluster; others are below <c>/clusters/&lt;name&gt;</c>.</summary>
    public Uri Address { get; }

    public IClusterRegistry Clusters { get; }

    /// <summary>File with the rights of cluster-admin on the management cluster, mode 0600. Its certificate is good for a year and made anew after half of it: read the file again.</summary>
    public string KubeconfigPath => files.Kubeconfig;

    /// <summary>PEM file of the CA that signs the server's certificate.</summary>
    public string CertificateAuthorityPath => files.CertificateAuthority;

    /// <summary>Throws <see cref="IOException"/> with a clear message when the port is taken or another process uses the data folder.</summary>
    public static async Task<ControlPlaneHost> StartAsync(ControlPlaneOptions options, CancellationToken ct = default)
    {
        var files = ControlPlaneFiles.Open(options);
        Journal? journal = null;
        ClusterControllers? controllers = null;
        WebApplication? application = null;
        try
        {
            var authority = CertificateAuthority.Open(files, options.Clock);
            var settings = new ClusterSettings(options.Clock, options.Admission) 
            {
                CertificateAuthority = authority.CertificatePem,
                Snapshots = options.DataFolder is null || options.InMemory ? null : new(Path.Combine(files.Folder, "clusters"), files.Seal(options)),
            };
            var management = ClusterFactory.Management(files, options, settings, out journal);
            BaseObjects.Ensure(management);
            var template = ClusterFactory.Template(settings);
            var address = new ServerAddress();
            var clusters = new ClusterRegistry(
                management,
                name => ClusterFactory.FromTemplate(template, name, settings),
                name => authority.AdminKubeconfig(address.Of(name), name));
            controllers = new ClusterControllers(clusters, options.Clock, options.LoggerFactory);
            await controllers.StartAsync(ct);
            var tokens = ServiceAccountTokens.Open(files, options.Clock);
            application = ApiServer.Build(options, clusters, authority, tokens);
            await ApiServer.ListenAsync(application, options, address, ct);
            var kubeconfig = new AdminKubeconfig(
                files, () => authority.AdminKubeconfig(address.Of(ClusterRegistry.ManagementName), ClusterRegistry.ManagementName), options.Clock, options.LoggerFactory?.CreateLogger<AdminKubeconfig>());
            return new ControlPlaneHost(application, clusters, controllers, journal, files, kubeconfig, address.Root);
        }
        catch
        {
            if (application is not null) await application.DisposeAsync();
            if (controllers is not null) await controllers.DisposeAsync();
            if (journal is not null) await journal.DisposeAsync();
            files.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        kubeconfig.Dispose();
        foreach (var cluster in ((ClusterRegistry)Clusters).All) cluster.Store.EndWatches();
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5))) await application.StopAsync(patience.Token);
        await application.DisposeAsync();
        await controllers.DisposeAsync();
        if (journal is not null) await journal.DisposeAsync();
        files.Dispose();
    }
}
