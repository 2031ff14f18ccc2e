"""The labels of what Takip says of its own numbers: why one is null, and what makes one implausible."""

from chalicelib.domain.labels import Label, Labels

NULLS: Labels = {
    "not_started": Label("henüz üzerinde çalışılmadı", "nobody has worked on it yet"),
    "not_done": Label("henüz bitmedi", "it is not done yet"),
    "no_run": Label("çalışma süresi yok", "it has no run time"),
    "no_standard": Label("standart süresi yok", "it has no standard time"),
    "no_output": Label("hiç üretilmedi", "nothing was produced"),
    "no_data": Label("veri yok", "there is no data"),
    "no_calendar": Label("vardiya takvimi yok", "there is no shift calendar"),
    "no_plan": Label("planlanan bir şey yok", "nothing was planned"),
    "skipped": Label("atlandı", "it was skipped"),
    "cancelled": Label("iptal edildi", "it was cancelled"),
    "done": Label("bitti", "it is done"),
    "no_open_session": Label("şu anda çalışan yok", "nobody works on it now"),
    "too_far": Label("bitişi takvimin ötesinde", "it would end after the end of the calendar"),
    "not_recorded": Label("kaydedilmemiş", "it was not recorded"),
    "no_machine": Label("makine belirtilmemiş", "no session names a machine"),
    "too_long": Label("süre çok uzun", "the time is too long"),
}

DOUBTS: Labels = {
    "plan_under_a_minute": Label("plan bir dakikadan kısa", "the plan is shorter than a minute"),
    "over_1000_percent": Label("değer yüzde 1.000'in üzerinde", "the value is above 1,000 %"),
}
