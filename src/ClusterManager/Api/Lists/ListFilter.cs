using Fleet.ClusterManager.Api.Requests;

namespace Fleet.ClusterManager.Api.Lists;

/// <summary>A filter of one kind: the parameter, and whether an item passes a value of it.</summary>
internal sealed record ListFilter<TView>(QueryParameter Parameter, Func<TView, string, bool> Passes);
