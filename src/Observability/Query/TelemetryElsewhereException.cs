namespace Fleet.Observability.Query;

/// <summary>What is asked for is not kept here; the message says where it is.</summary>
internal sealed class TelemetryElsewhereException(string what, Uri place)
    : Exception($"{what} of clusters are not kept here: they are sent on to {place.GetLeftPart(UriPartial.Path)}, and are to be asked for there");
