using Fleet.ControlPlane.Lifecycle;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Persistence;
using Fleet.ControlPlane.Storage;

namespace Fleet.ControlPlane.Hosting;

/// <summary>Makes the management cluster, and simulated clusters out of a template whose objects they share.</summary>
internal static class ClusterFactory
{
    public static Cluster Management(ControlPlaneFiles files, ControlPlaneOptions options, ClusterSettings settings, out Journal? journal)
    {
        journal = null;
        ClusterStore store;
        if (options.DataFolder is null || options.InMemory)
        {
            store = new ClusterStore(ClusterRegistry.ManagementName, WatchHistoryLimits.Management, settings.Clock, null);
        }
        else
        {
            var log = FileLog.Open(files.Log, options.LoggerFactory, files.Seal(options));
            journal = new Journal(log, settings.Clock);
            store = new ClusterStore(ClusterRegistry.ManagementName, WatchHistoryLimits.Management, settings.Clock, journal);
            log.Load(store);
        }
        return new Cluster(store, settings);
    }

    /// <summary>Never served itself.</summary>
    public static Cluster Template(ClusterSettings settings)
    {
        var store = new ClusterStore("template", WatchHistoryLimits.Simulated, settings.Clock, null);
        var cluster = new Cluster(store, settings with { Admission = [] });
        BaseObjects.Ensure(cluster);
        return cluster;
    }

    public static Cluster FromTemplate(Cluster template, string name, ClusterSettings settings)
    {
        var store = ClusterStore.CopyOf(template.Store, name, WatchHistoryLimits.Simulated, settings.Clock);
        var restored = settings.Snapshots?.Restore(store) == true;
        var cluster = new Cluster(store, settings);
        if (!restored) BaseObjects.MakeUnique(cluster);
        return cluster;
    }

    /// <summary>Clusters in memory without a server, for tests of code that works on <see cref="IClusterRegistry"/>.</summary>
    public static ClusterRegistry InMemory(TimeProvider clock, ClusterSnapshots? snapshots = null)
    {
        var settings = new ClusterSettings(clock, []) { Snapshots = snapshots };
        var management = new Cluster(new ClusterStore(ClusterRegistry.ManagementName, WatchHistoryLimits.Management, clock, null), settings);
        BaseObjects.Ensure(management);
        var template = Template(settings);
        return new ClusterRegistry(management, name => FromTemplate(template, name, settings), name => $"# no server for {name}");
    }
}
