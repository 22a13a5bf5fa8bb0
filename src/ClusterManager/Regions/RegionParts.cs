using Fleet.ClusterManager.Connections;
using Fleet.Control.Queueing;
using Fleet.Helm.Releases;

namespace Fleet.ClusterManager.Regions;

/// <summary>What connections to regions are made of.</summary>
internal sealed record RegionParts(ManagedClients Clients, IHelm Helm, ClusterManagerOptions Options, RegionTriggers Triggers, TimeProvider Clock, IJitterSource Jitter);
