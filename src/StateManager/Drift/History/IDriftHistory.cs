namespace Fleet.StateManager.Drift.History;

/// <summary>Keeps what has drifted.</summary>
internal interface IDriftHistory
{
    /// <summary>Never waits and never fails: services are kept whether anybody writes it down or not.</summary>
    void Note(DriftEntry entry);
}
