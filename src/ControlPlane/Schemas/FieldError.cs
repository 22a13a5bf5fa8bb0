using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Why one field of an object is refused, in the words that a kube-apiserver uses.</summary>
public sealed record FieldError(FieldErrorType Type, string Field, string? BadValue, string Detail)
{
    /// <summary>Without the field: <c>Invalid value: "a": must be …</c>.</summary>
    public string Body => Type switch
    {
        FieldErrorType.Required => With("Required value", null),
        FieldErrorType.Forbidden => With("Forbidden", null),
        FieldErrorType.TooLong => With("Too long", BadValue),
        FieldErrorType.TooMany => With("Too many", BadValue),
        FieldErrorType.Duplicate => With("Duplicate value", BadValue),
        FieldErrorType.NotFound => With("Not found", BadValue),
        FieldErrorType.NotSupported => With("Unsupported value", BadValue),
        FieldErrorType.Internal => With("Internal error", null),
        _ => With("Invalid value", BadValue),
    };

    public string Message => $"{Field}: {Body}";

    /// <summary>The entry in <c>details.causes</c> of the Status.</summary>
    public ApiStatusCause ToCause() => new(CauseType, Body, Field);

    private string CauseType => Type switch
    {
        FieldErrorType.Required => "FieldValueRequired",
        FieldErrorType.Forbidden => "FieldValueForbidden",
        FieldErrorType.TooLong => "FieldValueTooLong",
        FieldErrorType.TooMany => "FieldValueTooMany",
        FieldErrorType.Duplicate => "FieldValueDuplicate",
        FieldErrorType.NotFound => "FieldValueNotFound",
        FieldErrorType.NotSupported => "FieldValueNotSupported",
        FieldErrorType.TypeInvalid => "FieldValueTypeInvalid",
        FieldErrorType.Internal => "InternalError",
        _ => "FieldValueInvalid",
    };

    private string With(string title, string? value)
    {
        var text = value is null ? title : $"{title}: {value}";
        return Detail.Length == 0 ? text : $"{text}: {Detail}";
    }

    public override string ToString() => Message;
}

/// <summary>The kinds of <see cref="FieldError"/>, each with its own cause type.</summary>
public enum FieldErrorType { Required, Invalid, NotSupported, Duplicate, Forbidden, TooLong, TooMany, NotFound, TypeInvalid, Internal }
