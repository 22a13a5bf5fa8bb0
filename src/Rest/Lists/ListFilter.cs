using Fleet.Rest.Requests;

namespace Fleet.Rest.Lists;

/// <summary>A filter of one kind: the parameter, and whether an item passes a value of it.</summary>
public sealed record ListFilter<TView>(QueryParameter Parameter, Func<TView, string, bool> Passes);
