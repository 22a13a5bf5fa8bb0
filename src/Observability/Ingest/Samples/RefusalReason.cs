namespace Fleet.Observability.Ingest.Samples;

/// <summary>Why a part of a request was not taken, while the rest of it was.</summary>
public enum RefusalReason
{
    NoMetricName,
    MetricNameInvalid,
    LabelNameInvalid,
    LabelEmpty,
    LabelsNotSorted,
    LabelDuplicated,
    LabelNotUtf8,
    TooManyLabels,
    LabelTooLong,
    TooOld,
    InTheFuture,
    OutOfOrder,
    DuplicatedTimestamp,
    NativeHistogram,
    ActiveSeriesLimit,
    DeltaTemporality,
    UnknownMetricType,
}
