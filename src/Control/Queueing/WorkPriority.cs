namespace Fleet.Control.Queueing;

/// <summary>Higher ones are always taken first; within one priority clusters take turns.</summary>
public enum WorkPriority
{
    /// <summary>Resyncs and the first list after a start.</summary>
    Background,
    Normal,
    /// <summary>Something that a person waits for, such as a deletion.</summary>
    Urgent,
}
