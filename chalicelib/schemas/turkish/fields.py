"""The messages of fields in Turkish. Each is the end of a sentence about its field."""

FIELDS = {
    # any field
    "is required": "gerekli",
    "is unknown": "bilinmiyor",
    "is unknown; known fields are: {known}": "bilinmiyor; bilinen alanlar: {known}",
    "is not valid": "geçerli değil",
    "must not be null": "null olamaz",
    "must not be null; leave it out": "null olamaz; göndermeyin",
    "must not be empty": "boş olamaz",
    "must not be blank": "boş olamaz",
    "must be an object": "bir nesne olmalı",
    "must be a list": "bir liste olmalı",
    "must be a text": "bir metin olmalı",
    "must be a text in valid Unicode": "geçerli Unicode ile bir metin olmalı",
    "must be true or false": "true ya da false olmalı",
    "must be a number": "bir sayı olmalı",
    "must be a finite number": "sonlu bir sayı olmalı",
    "must be finite": "sonlu olmalı",
    "must be a whole number": "bir tam sayı olmalı",
    "must be a whole number, in the digits 0 to 9": "0 ile 9 arası rakamlarla bir tam sayı olmalı",
    "must be a whole number from {least} to {most}": "{least} ile {most} arası bir tam sayı olmalı",
    "must be a JSON number, without quotation marks": "tırnaksız bir JSON sayısı olmalı",
    "must be a JSON object in which no name stands twice": "hiçbir adın iki kez geçmediği bir JSON nesnesi olmalı",
    "must be one of {allowed}": "şunlardan biri olmalı: {allowed}",
    "must be greater than {gt}": "{gt} değerinden büyük olmalı",
    "must be at least {ge}": "en az {ge} olmalı",
    "must be at most {le}": "en çok {le} olmalı",
    "must be between {between}": "şu aralıkta olmalı: {between}",
    "must be between {least} and {most}": "{least} ile {most} arasında olmalı",
    "must be between {least} and {most} {unit}": "{least} ile {most} {unit} arasında olmalı",
    "must have at most {max_digits} digits": "en çok {max_digits} basamaklı olmalı",
    "must have at most {decimal_places} decimal places": "virgülden sonra en çok {decimal_places} basamaklı olmalı",
    "must have at most {whole_digits} digits before the decimal point": (
        "virgülden önce en çok {whole_digits} basamaklı olmalı"
    ),
    "must have at most {max_length} characters": "en çok {max_length} karakter olmalı",
    "must have at least {min_length} characters": "en az {min_length} karakter olmalı",
    "must have at most {max_length} items": "en çok {max_length} öğe içermeli",
    "must have at least {min_length} items": "en az {min_length} öğe içermeli",
    "must have at most {most} items": "en çok {most} öğe içermeli",
    "must match the pattern {pattern}": "şu kalıba uymalı: {pattern}",
    "is reserved for a path; choose another, or leave it out": (
        "bir yol için ayrılmış; başka bir kimlik seçin ya da göndermeyin"
    ),
    "give at least one field to change": "değiştirilecek en az bir alan verin",
    "is nested deeper than {most} levels": "iç içe {most} düzeyden derin",
    "no user has this id": "bu kimlikte bir kullanıcı yok",
    "no active user has this id": "bu kimlikte etkin bir kullanıcı yok",
    "no machine has this id": "bu kimlikte bir makine yok",
    "no machine in use has this id": "bu kimlikte kullanılan bir makine yok",
    # texts
    "was not sent as UTF-8; send the body as UTF-8 with Content-Type: application/json; charset=utf-8": (
        "UTF-8 olarak gönderilmedi; gövdeyi UTF-8 olarak, Content-Type: application/json; charset=utf-8 ile gönderin"
    ),
    "contains half a character; send the whole emoji or letter": (
        "yarım bir karakter içeriyor; emojiyi ya da harfi bütün gönderin"
    ),
    "must not contain invisible characters": "görünmeyen karakterler içeremez",
    "must not contain invisible characters, or characters that change the direction of writing": (
        "görünmeyen ya da yazı yönünü değiştiren karakterler içeremez"
    ),
    "must not contain control characters": "denetim karakterleri içeremez",
    "must have at most {most} characters in Unicode's NFKC form": (
        "Unicode'un NFKC biçiminde en çok {most} karakter olmalı"
    ),
    "must have {least} to {most} characters": "{least} ile {most} arası karakter olmalı",
    "must have {least} to {most} characters in Unicode's NFKC form": (
        "Unicode'un NFKC biçiminde {least} ile {most} arası karakter olmalı"
    ),
    "must be {least} to {most} characters of a-z, 0-9, _ and -, beginning with a letter or a digit": (
        "a-z, 0-9, _ ve - ile {least} ile {most} arası karakter olmalı, bir harf ya da rakamla başlamalı"
    ),
    # times
    "must be an RFC 3339 instant such as {example}": "RFC 3339 biçiminde bir an olmalı, örneğin {example}",
    "must be a day such as {example}": "bir gün olmalı, örneğin {example}",
    "needs an offset, such as {examples}, to be an instant": "an olması için saat farkı gerekir, örneğin {examples}",
    "is no instant: it names a day, time or offset that does not exist": (
        "bir an değil: olmayan bir gün, saat ya da saat farkı içeriyor"
    ),
    "is no instant: it lies outside the years {least} to {most}, UTC": (
        "bir an değil: UTC'de {least} ile {most} yıllarının dışında"
    ),
    "must be in the years {least} to {most}": "{least} ile {most} yılları arasında olmalı",
    "must be in the years {least} to {most}; check the device's clock": (
        "{least} ile {most} yılları arasında olmalı; cihazın saatini denetleyin"
    ),
    "must not be in the future; check the device's clock": "gelecekte olamaz; cihazın saatini denetleyin",
    "must not be before the order was created": "iş emrinin oluşturulmasından önce olamaz",
    "must not be more than {days} days ago; ask a planner to book it": (
        "{days} günden eski olamaz; bir planlamacıdan kaydetmesini isteyin"
    ),
    "must not be before the start of the session": "çalışmanın başlangıcından önce olamaz",
    "must not be before started_at": "started_at'ten önce olamaz",
    "must be after started_at": "started_at'ten sonra olmalı",
    "must be within {days} days of the session's start; check the date": (
        "çalışmanın başlangıcından en çok {days} gün sonra olmalı; tarihi denetleyin"
    ),
    "must be within {days} days of started_at; check the year": (
        "started_at'ten en çok {days} gün sonra olmalı; yılı denetleyin"
    ),
    "must be at most {days} days after started_at; explain one part after the other": (
        "started_at'ten en çok {days} gün sonra olmalı; parçaları ardı ardına açıklayın"
    ),
    "must not be after the stage's end, {ended_at}": "aşamanın bitişinden ({ended_at}) sonra olamaz",
    "must be after planned_start": "planned_start'tan sonra olmalı",
    "must not be before the order's planned_start": "iş emrinin planned_start'ından önce olamaz",
    "must not be after the order's planned_end": "iş emrinin planned_end'inden sonra olamaz",
    "of {stage_id} {problem}": "{stage_id} aşamasında: {problem}",
    # orders, stages and sessions
    "at most {most} stages per order": "bir iş emrinde en çok {most} aşama olabilir",
    "at most {most} assignees per stage": "bir aşamaya en çok {most} kişi atanabilir",
    "at most {most} stages and assignments together per order": (
        "bir iş emrinde aşamalar ve atamalar birlikte en çok {most} olabilir"
    ),
    "give a reason; it is kept in the order's history": "bir gerekçe yazın; iş emrinin geçmişinde saklanır",
    "give what was made: good, scrap or rework above {least}": (
        "üretileni girin: {least} değerinden büyük good, scrap ya da rework"
    ),
    "give at least one value to correct, or `void`": "düzeltilecek en az bir değer ya da `void` verin",
    "is allowed only with scrap above {least}": "yalnızca scrap {least} değerinden büyükse verilebilir",
    "give either stage_ids or machine_id, not both": "stage_ids ya da machine_id verin, ikisini birden değil",
    "must be left out beside the command's own at": "komutun kendi at alanının yanında gönderilmemeli",
    "must be false: an issue of a machine blocks no stage; report one on the stage that must stop": (
        "false olmalı: bir makinenin sorunu aşama engellemez; durması gereken aşama için bir sorun bildirin"
    ),
    "must be {standard}, which is cycle_seconds ÷ cavities; or leave it out": (
        "{standard} olmalı (cycle_seconds ÷ cavities) ya da gönderilmemeli"
    ),
    "must be given with cavities": "cavities ile birlikte verilmeli",
    "must be at least half a millisecond for each cavity": "her göz için en az yarım milisaniye olmalı",
    "must not be {code}, which means the plant's own route": "{code} olamaz: bu, tesisin kendi rotası demektir",
    # people
    "must have at least {least} characters": "en az {least} karakter olmalı",
    "must be at most {most} bytes in UTF-8": "UTF-8'de en çok {most} bayt olmalı",
    "must not contain the NUL character": "NUL karakterini içeremez",
    "must be valid Unicode text, without half of a surrogate pair": "yarım karakter içermeyen geçerli bir metin olmalı",
    "must not contain the username": "kullanıcı adını içeremez",
    "is one of the most common passwords; choose another": "en yaygın parolalardan biri; başka bir parola seçin",
    "must differ from the PIN that is locked": "kilitlenen PIN'den farklı olmalı",
    "must differ from the current password": "şimdiki paroladan farklı olmalı",
    "must be an address such as ada@example.com, of at most {most} characters": (
        "ada@example.com gibi, en çok {most} karakterlik bir adres olmalı"
    ),
    "must be a phone number in digits, with at least {least} of them and at most {most} characters": (
        "rakamlarla yazılmış, en az {least} rakamlı ve en çok {most} karakterlik bir telefon numarası olmalı"
    ),
    "must not begin or end with a space, or contain two spaces in a row": (
        "boşlukla başlayamaz, boşlukla bitemez ve art arda iki boşluk içeremez"
    ),
    "must not be the same digits again and again, or digits in a row": (
        "hep aynı rakamlar ya da ardışık rakamlar olamaz"
    ),
    "give either a username and a pin, or a badge": "ya username ve pin ya da badge verin",
    "must be worker, or left out; an admin can change it later": (
        "worker olmalı ya da gönderilmemeli; bir yönetici sonra değiştirebilir"
    ),
    "must be left out; it is always your own tenant": "gönderilmemeli; her zaman kendi şirketinizdir",
    "must be the id of one of your notifications": "bildirimlerinizden birinin kimliği olmalı",
}
