"""What Takip says in Turkish about what a plant has: products, calendars, machines, readings, webhooks, settings."""

PLANT = {
    # products, routes, calendars
    "There is no product {product_code}; POST /products registers one.": (
        "{product_code} kodlu ürün yok; POST /products yenisini kaydeder."
    ),
    "Product {product_code} already exists; choose another code, or change it.": (
        "{product_code} kodlu ürün zaten var; başka bir kod seçin ya da onu değiştirin."
    ),
    "There is no mould {code} of this product.": "Bu ürünün {code} kodlu kalıbı yok.",
    "PUT /routes/{product_code} creates one; until then the plant's default route is used.": (
        "PUT /routes/{product_code} rotayı oluşturur; o zamana kadar tesisin varsayılan rotası kullanılır."
    ),
    "PUT /calendars/{calendar_id} makes it.": "PUT /calendars/{calendar_id} onu oluşturur.",
    "PUT /calendars/{calendar_id} makes it; until then the plant's calendar counts.": (
        "PUT /calendars/{calendar_id} onu oluşturur; o zamana kadar tesisin takvimi geçerlidir."
    ),
    # machines and readings
    "There is no machine {machine_id}; register it first.": "{machine_id} kimlikli makine yok; önce onu kaydedin.",
    "Machine {machine_id} already exists; choose another id.": (
        "{machine_id} kimlikli makine zaten var; başka bir kimlik seçin."
    ),
    "A planner or an admin makes another with POST /machines/{{id}}/keys.": (
        "Bir planlamacı ya da yönetici POST /machines/{{id}}/keys ile yenisini oluşturur."
    ),
    "Send the readings of {machine_id} to its own path, or make another key.": (
        "{machine_id} makinesinin ölçümlerini kendi yoluna gönderin ya da başka bir anahtar oluşturun."
    ),
    "GET /machines/{{id}}/keys lists the keys of a machine.": (
        "GET /machines/{{id}}/keys bir makinenin anahtarlarını listeler."
    ),
    "It was taken in or deleted, or never was.": "Alınmış ya da silinmiş, belki de hiç yoktu.",
    "It was taken in or deleted, or never was. GET /machines/quarantine lists what is.": (
        "Alınmış ya da silinmiş, belki de hiç yoktu. GET /machines/quarantine olanları listeler."
    ),
    "Only its beginning is there. Send it again in parts of at most {most} KB, then delete this.": (
        "Yalnızca başı saklandı. En çok {most} KB'lık parçalarla yeniden gönderin, sonra bunu silin."
    ),
    "Send the readings again in a moment.": "Ölçümleri birazdan yeniden gönderin.",
    # tenants and webhooks
    "Takip counts on it. Make another tenant for a company that may leave.": (
        "Takip ona dayanır. Ayrılabilecek bir şirket için başka bir şirket oluşturun."
    ),
    "Nobody signs in here any more, and nothing is taken in. Ask whoever runs Takip.": (
        "Burada artık kimse oturum açamaz ve hiçbir şey kabul edilmez. Takip'i çalıştıran kişiye sorun."
    ),
    "There is no tenant {tenant}; create it first.": "{tenant} kimlikli şirket yok; önce onu oluşturun.",
    "Choose another id than {tenant}, or change the settings of that tenant.": (
        "{tenant} dışında bir kimlik seçin ya da o şirketin ayarlarını değiştirin."
    ),
    "{tenant} has work orders; its days are counted in {timezone}.": (
        "{tenant} şirketinin iş emirleri var; günleri {timezone} saat diliminde sayılıyor."
    ),
    "GET /webhooks lists the webhooks.": "GET /webhooks webhook'ları listeler.",
    "GET /webhooks/{webhook_id}/deliveries lists those of the last {days} days.": (
        "GET /webhooks/{webhook_id}/deliveries son {days} günün gönderimlerini listeler."
    ),
    "GET /screens lists the screens.": "GET /screens ekranları listeler.",
    "A planner or an admin makes another with POST /screens.": (
        "Bir planlamacı ya da yönetici POST /screens ile yenisini oluşturur."
    ),
    "The key of a screen says which line it shows; leave out line.": (
        "Hangi hattı gösterdiğini ekranın anahtarı söyler; line göndermeyin."
    ),
    "A tenant has at most {screens} screens, with the boards of {lines} lines; revoke one that is not used.": (
        "Bir şirketin, {lines} hattın panosuyla en çok {screens} ekranı olabilir; kullanılmayan birini iptal edin."
    ),
    "A tenant has at most {most}; delete one that is not used.": (
        "Bir şirketin en çok {most} webhook'u olabilir; kullanılmayan birini silin."
    ),
    "{number} secrets sign now; change it again from {since}.": (
        "Şu anda {number} gizli anahtar imzalıyor; {since} tarihinden sonra yeniden değiştirin."
    ),
    "Switch it on first: PATCH it with status on.": "Önce açın: PATCH ile status on gönderin.",
    # machines, sensors and tags
    "must be {least} to {most} letters, digits, _ or -": "{least} ile {most} arası harf, rakam, _ ya da - olmalı",
    "must be left out: {type} has no numbers": "gönderilmemeli: {type} sayı değildir",
    "must be left out: {type} has numbers; only state has states": (
        "gönderilmemeli: {type} sayıdır; durumları yalnızca state türünün olur"
    ),
    "must be left out for this type; {any} takes any unit": "bu türde gönderilmemeli; {any} her birimi kabul eder",
    "must be left out, or be {unit}, the unit of {type}; {any} takes any unit": (
        "gönderilmemeli ya da {type} birimi olan {unit} olmalı; {any} her birimi kabul eder"
    ),
    "must not be below min, which is {least}": "min değerinden ({least}) küçük olamaz",
    "must not be above max, which is {most}": "max değerinden ({most}) büyük olamaz",
    "must be above {least} and below {most}: no value outside of this range is accepted": (
        "{least} değerinden büyük, {most} değerinden küçük olmalı: bu aralığın dışındaki değerler kabul edilmez"
    ),
    "needs alarm_min or alarm_max beside it": "yanında alarm_min ya da alarm_max gerekir",
    "must not be below alarm_min": "alarm_min'den küçük olamaz",
    "is declared twice with this type; declare each sensor and type once": (
        "bu türle iki kez bildirilmiş; her sensörü ve türü bir kez bildirin"
    ),
    "is there twice; give each mould once": "iki kez var; her kalıbı bir kez verin",
    "is there twice; give each tag once": "iki kez var; her etiketi bir kez verin",
    "have {size_bytes} bytes as JSON; at most {most} are allowed": (
        "JSON olarak {size_bytes} bayt; en çok {most} olabilir"
    ),
    "must lead to {allowed}; this one does not: {wrong}": "şunlara götürmeli: {allowed}; bu götürmüyor: {wrong}",
    "must not be {number}: every value would be the same": "{number} olamaz: bütün değerler aynı olurdu",
    # messages of machines
    "is older than the retention that the tenant has set": "şirketin belirlediği saklama süresinden eski",
    "is more than {minutes} minutes ahead of the server": "sunucunun saatinden {minutes} dakikadan çok ileride",
    "is not a registered machine": "kayıtlı bir makine değil",
    "is a retired machine": "kullanımdan kaldırılmış bir makine",
    "is closed: this company has left": "kapalı: bu şirket ayrıldı",
    "is not a tenant here": "buradaki bir şirket değil",
    "is given under both names, {name} and {old_name}": "iki adla da verilmiş: {name} ve {old_name}",
    "must be the machine_id of the path, or be left out": "yoldaki machine_id olmalı ya da gönderilmemeli",
    "must be the message's machine, or be left out": "iletinin makinesi olmalı ya da gönderilmemeli",
    "must be left out beside a sensor, or the sensor beside it: a tag has its sensor": (
        "sensörün yanında gönderilmemeli ya da sensör gönderilmemeli: etiketin sensörü bellidir"
    ),
    "must be left out beside a value, or the value beside them": (
        "bir değerin yanında gönderilmemeli ya da değer gönderilmemeli"
    ),
    "must be one line of {least} to {most} visible characters": (
        "{least} ile {most} arası görünür karakterlik tek bir satır olmalı"
    ),
    "is not among the tags of the machine: add {tag} or the like with PATCH /machines/{machine_id}": (
        "makinenin etiketleri arasında yok: PATCH /machines/{machine_id} ile {tag} ya da benzerini ekleyin"
    ),
    "{sent} has no state: add it to the states of the machine's tag {tag}, as one of {allowed}": (
        "{sent} için durum yok: makinenin {tag} etiketinin durumlarına şunlardan biri olarak ekleyin: {allowed}"
    ),
    "has {size_bytes} bytes; at most {most} are allowed": "{size_bytes} bayt; en çok {most} olabilir",
    "must hold {least} to {most} readings, not {number}": (
        "{least} ile {most} arası ölçüm içermeli; içerdiği: {number}"
    ),
    "is not valid JSON": "geçerli bir JSON değil",
    "is not valid base64, which the IoT topic rule makes": "IoT konu kuralının ürettiği base64 değil",
    "holds readings that storage refuses": "deponun kabul etmediği ölçümler içeriyor",
    "has more cells than there are columns": "sütun sayısından çok hücre içeriyor",
    "must be a Sparkplug topic of {kinds}": "şunlardan birinin Sparkplug konusu olmalı: {kinds}",
    "holds more than {most} metrics": "en çok {most} metrik içerebilir",
    "is not a Sparkplug B payload, or not a whole one": "bir Sparkplug B yükü değil ya da bütün değil",
    "has no timestamp or no seq, so it is not a whole Sparkplug B payload": (
        "timestamp ya da seq yok; bu yüzden bütün bir Sparkplug B yükü değil"
    ),
    "has no datatype, and no birth says it; the message waits for the birth": (
        "datatype yok ve hiçbir doğum iletisi bildirmiyor; ileti doğumu bekliyor"
    ),
    "needs a name or an alias": "bir ad ya da takma ad gerekir",
    "has the alias {alias}, which no birth before it names; the message waits for the birth": (
        "takma adı {alias}; önceki hiçbir doğum iletisi bunu adlandırmıyor; ileti doğumu bekliyor"
    ),
    "must be {form}": "şu biçimde olmalı: {form}",
    "must have {name}, the milliseconds since {year}": "{name} içermeli: {year} yılından beri geçen milisaniye",
    "must have {name} in whole milliseconds since {year}, before the year {end}": (
        "{name}, {year} yılından beri tam milisaniye olmalı ve {end} yılından önce olmalı"
    ),
    # calendars
    "must be {today} or later: the past keeps its calendar": (
        "{today} ya da sonrası olmalı: geçmiş kendi takvimini korur"
    ),
    "must be that of a plan that is there: {most} are the most": "var olan bir planınki olmalı: en çok {most} olabilir",
    "must leave all plans together at {most} bytes as JSON; they have {size_bytes}": (
        "bütün planlar birlikte JSON olarak en çok {most} bayt olmalı; şimdi {size_bytes}"
    ),
    "is there twice; give each day once": "iki kez var; her günü bir kez verin",
    "must lie in the shift, from {start} to {end}": "{start} ile {end} arasındaki vardiyanın içinde olmalı",
    "must not overlap each other": "birbiriyle çakışamaz",
    "must not overlap: {name} is not over when {other} begins": "çakışamaz: {other} başladığında {name} bitmemiş",
    # webhooks
    "must have at most {most} characters, all of them printable ASCII without spaces; "
    "write a name with other letters in its form xn--…": (
        "boşluksuz, yazdırılabilir, en çok {most} ASCII karakter olmalı; başka harfli adları xn--… biçiminde yazın"
    ),
    "must be a URL with a host and, if given, a port from {least} to {most}": (
        "sunucusu olan, kapısı verilmişse {least} ile {most} arası olan bir URL olmalı"
    ),
    "must have the port {usual}, or one from {least} to {most}": "kapısı {usual} ya da {least} ile {most} arası olmalı",
    "must begin with https://": "https:// ile başlamalı",
    "must not have a user name or a password": "kullanıcı adı ya da parola içeremez",
    "must not have a fragment": "bölüm adı (fragment) içeremez",
    "must name a host on the internet, such as hooks.example.com": (
        "internetteki bir sunucuyu adlandırmalı, örneğin hooks.example.com"
    ),
    "must not lead to an address that is private, reserved or not on the internet": (
        "özel, ayrılmış ya da internette olmayan bir adrese götüremez"
    ),
    # settings of a plant
    "must have {least} to {most} minutes in each step; wrong: {wrong}": (
        "her adımda {least} ile {most} arası dakika olmalı; hatalı: {wrong}"
    ),
    "must name a role or a person in each step; wrong: {wrong}": (
        "her adımda bir rol ya da bir kişi adlandırmalı; hatalı: {wrong}"
    ),
    "must name at most {most} people in a step; wrong: {wrong}": (
        "bir adımda en çok {most} kişi adlandırmalı; hatalı: {wrong}"
    ),
    "must name nobody twice in a step; wrong: {wrong}": "bir adımda kimseyi iki kez adlandıramaz; hatalı: {wrong}",
    "must have at most {most} steps for {steps}; there are {number}": (
        "{steps} için en çok {most} adım olmalı; şimdi {number}"
    ),
    "must have other minutes in each step of {steps}": "{steps} için her adımın dakikası farklı olmalı",
    "must be two times as HH:MM, from {least} to {most}, such as {examples}": (
        "SS:DD biçiminde, {least} ile {most} arası iki saat olmalı, örneğin {examples}"
    ),
    "must be longer than nothing and at most {hours} hours long": "sıfırdan uzun ve en çok {hours} saat olmalı",
    "must be an IANA time zone, such as Europe/Istanbul or America/New_York": (
        "bir IANA saat dilimi olmalı, örneğin Europe/Istanbul ya da America/New_York"
    ),
    "must be between {least} and {most}, with up to {places} decimal places; {example} is five percent": (
        "{least} ile {most} arasında, virgülden sonra en çok {places} basamaklı olmalı; {example} yüzde beştir"
    ),
    "must be codes of {least} to {most} of a-z, 0-9 and _; wrong: {wrong}": (
        "a-z, 0-9 ve _ ile {least} ile {most} arası karakterlik kodlar olmalı; hatalı: {wrong}"
    ),
    "must have labels of {least} to {most} characters; wrong: {wrong}": (
        "etiketleri {least} ile {most} arası karakter olmalı; hatalı: {wrong}"
    ),
    "must be a version such as {example}": "{example} gibi bir sürüm olmalı",
    "must not contain the same code twice": "aynı kodu iki kez içeremez",
    "must have at most {most} codes": "en çok {most} kod içermeli",
    "must include {code}, which stands for all the rest": "geri kalan her şey için {code} kodunu içermeli",
}
