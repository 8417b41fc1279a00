"""Made-up quotes in layouts that vendors use, each with what is true of it.

A truth maps rows to part, charge, the amount as it is written, and scope. ASKED must not be taken as part of the offer
without a question, ASIDE is no line of it. Rows that are not named may be either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ASKED, ASIDE = "asked", "aside"
Truth = tuple[str, str, float | None, str] | str


@dataclass(frozen=True)
class MadeUp:
    """A quote as text, what is true of its rows, and what its cover and notes say of the offer."""

    text: str
    rows: Mapping[int, Truth]
    head: Mapping[str, Any] = field(default_factory=dict)


def bought(lines: str, head: str = "") -> str:
    """A purchase whose lines begin in row 6, below what is said of the offer."""
    said = "Quote;Q-1;;\nVendor;Examplar Systems Inc.;;\nDate;2026-11-03;;\nCurrency;USD;;\n"
    return f"{said}{head or 'Description;Qty;Unit price;Total'}\n{lines}"


MACHINE: Truth = ("systems", "per system", 600_000, "in")

QUOTES: Mapping[str, MadeUp] = {
    "German, components without a price, discount row": MadeUp(
        """Angebot Nr. 2026-4711;;;;
NordRechner GmbH;;;;
Datum: 03.11.2026;;;;
Gültig bis: 15.12.2026;;;;
Pos;Artikel;Menge;EP netto EUR;GP netto EUR
10;KI-Server NR-8000 mit 8 GPUs NVIDIA H200;3;268.000,00;804.000,00
10.1;2x AMD EPYC 9575F;6;;
10.2;24x 96 GB DDR5;72;;
20;Managementserver 1HE;2;9.500,00;19.000,00
30;Spine-Switch 800G;2;61.000,00;122.000,00
40;Kabelsatz DAC/AOC;1;14.500,00;14.500,00
50;Softwarelizenz KI-Plattform, je GPU, Laufzeit 36 Monate;24;9.900,00;237.600,00
60;Wartungsvertrag Server 5x9, pro Jahr;3;11.200,00;33.600,00
70;Lieferung frei Verwendungsstelle;1;4.800,00;4.800,00
80;Installation und Schulung;1;12.000,00;12.000,00
;Rabatt 3 %;1;-37.000,00;-37.000,00
;Nettosumme;;;1.210.500,00
;MwSt. 19 %;;;229.995,00
;Bruttosumme;;;1.440.495,00
""",
        {
            6: ("systems", "per system", 804_000, "in"),
            7: ASIDE,
            8: ASIDE,
            9: ASKED,
            10: ("network", "per system", 122_000, "in"),
            11: ("network", "per system", 14_500, "in"),
            12: ("software", "per accelerator", 237_600, "in"),
            13: ("support", "per system and year", 33_600, "in"),
            14: ("delivery", "once", 4_800, "in"),
            15: ASKED,
            16: ("discount", "once", -37_000, "in"),
            **dict.fromkeys((17, 18, 19), ASIDE),
        },
        {"vendor": "NordRechner GmbH", "number": "2026-4711", "date": "2026-11-03", "valid_until": "2026-12-15"},
    ),
    "French lease": MadeUp(
        """Offre de location financière n°;LF-2231;;;
Bailleur;Crédit Matériel SA;;;
Date de l'offre;23/11/2026;;;
Valable jusqu'au;31/12/2026;;;
Durée;36 mois;;;
Désignation;Qté;Valeur d'achat HT;Loyer mensuel unitaire HT;Loyer mensuel total HT
Serveur 8 GPU H200;4;252 000,00 €;7 560,00 €;30 240,00 €
Commutateur 400G;2;30 000,00 €;900,00 €;1 800,00 €
Maintenance sur site;4;;1 050,00 €;4 200,00 €
Frais de dossier (une fois);1;;350,00 €;350,00 €
Total loyers mensuels HT;;;;36 240,00 €
TVA 20 %;;;;7 248,00 €
""",
        {
            7: ("lease", "per system and month", 30_240, "in"),
            8: ("network", "per system and month", 1_800, "in"),
            9: ("support", "per system and month", 4_200, "in"),
            10: ("other", "once", 350, "in"),
            11: ASIDE,
            12: ASIDE,
        },
        {
            "vendor": "Crédit Matériel SA",
            "number": "LF-2231",
            "date": "2026-11-23",
            "term_months": 36,
            "currency": "EUR",
        },
    ),
    "American, support year by year, options": MadeUp(
        """Vendor:,Apex Data Corp.,,
Quote #:,AX-100,,
Quote date:,Nov 3 2026,,
Description,Qty,Unit Price,Ext Price
"HGX B200 8-GPU server, 2TB RAM, 3-year warranty",2,"412,000","824,000"
"Annual support contract, year 1",2,"18,000","36,000"
"Annual support contract, year 2",2,"18,000","36,000"
"InfiniBand switch, 1-year warranty",1,"33,000","33,000"
"Rails, PDUs and power cords",2,"1,900","3,800"
"Optional: 8x spare H200 GPUs",1,"240,000","240,000"
Total (options excluded),,,"932,800"
""",
        {
            5: ("systems", "per system", 824_000, "in"),
            6: ASKED,
            7: ASKED,
            8: ("network", "per system", 33_000, "in"),
            9: ASKED,
            10: ("spares", "per system", 240_000, "optional"),
            11: ASIDE,
        },
        {"vendor": "Apex Data Corp.", "number": "AX-100", "date": "2026-11-03"},
    ),
    "French rates with tiers across": MadeUp(
        """Tarifs GPU;Nuage Calcul SAS;;;;
Date;25/11/2026;;;;
Instance;GPU;À la demande (EUR/GPU/h);Engagement 1 an (EUR/GPU/h);Engagement 3 ans (EUR/GPU/h);Spot (EUR/GPU/h)
nc-h100-8;8x H100;2,90;2,20;1,70;1,10
Stockage bloc par Go-mois;;0,09;;;
""",
        {
            4: ("rental on demand", "per accelerator-hour", 2.9, "in"),
            5: ("storage", "", 0.09, "optional"),
        },
        {"vendor": "Nuage Calcul SAS", "currency": "EUR", "acquisition": "rental"},
    ),
    "rates with plans down the rows": MadeUp(
        """Provider,Cloudburst Inc.,,,
Effective date,"November 3, 2026",,,
Instance,GPUs,Pricing plan,Rate ($/hr per instance),Notes
p8.h200,8,On demand,27.20,
p8.h200,8,1-year commitment,20.10,
p8.h200,8,3-year commitment,15.90,
p8.h200,8,Spot,9.90,interruptible
""",
        {
            4: ("rental on demand", "per system-hour", 27.2, "in"),
            5: ("rental committed", "per system-hour", 20.1, "optional"),
            6: ("rental committed", "per system-hour", 15.9, "optional"),
            7: ASKED,
        },
        {"vendor": "Cloudburst Inc.", "date": "2026-11-03", "acquisition": "rental"},
    ),
    "tokens, a row for each kind": MadeUp(
        """Service,Unit,Price (USD)
Model A input,per 1M tokens,2.00
Model A output,per 1M tokens,8.00
Model A cached input,per 1M tokens,0.20
Fine-tuning,per 1M tokens,25.00
""",
        {
            2: ("api input", "per million tokens", 2, "in"),
            3: ("api output", "per million tokens", 8, "in"),
            4: ("api cached input", "per million tokens", 0.2, "in"),
            5: ASKED,
        },
        {"currency": "USD", "acquisition": "api"},
    ),
    "tokens by the thousand": MadeUp(
        "Model,Input per 1K tokens,Output per 1K tokens\nbig,0.003,0.012\n",
        {2: ("api output", "per million tokens", 12, "in")},
    ),
    "prices of a million under a heading of a thousand": MadeUp(
        "Model,Input per 1K tokens,Output per 1K tokens\nbig,3,15\n", {2: ASKED}
    ),
    "a heading of a million under a note of a thousand": MadeUp(
        "Prices in USD per 1K tokens,,\nModel,Input per 1M tokens,Output per 1M tokens\nbig,3,15\n", {3: ASKED}
    ),
    "German tokens by the thousand": MadeUp(
        "Alle Preise in EUR je 1.000 Token;;\nModell;Eingabe;Ausgabe\ngross;0,0025;0,0100\n",
        {3: ("api input", "per million tokens", 2.5, "in")},
        {"currency": "EUR", "acquisition": "api"},
    ),
    "rows of tokens by the thousand": MadeUp(
        "Service;Unit;Price (USD)\nPrompt tokens;per 1,000 tokens;0.0015\nCompletion tokens;per 1,000 tokens;0.0060\n",
        {2: ("api input", "per million tokens", 1.5, "in"), 3: ("api output", "per million tokens", 6, "in")},
    ),
    "sections of what is not included and of alternatives": MadeUp(
        """Offer O-9;;;
Supplier: Kronos Systems BV;;;
Date: 2026-11-10;Currency: EUR;;
Item;Qty;Unit price;Total
Compute;;;
8x B200 server;2;390000;780000
Network;;;
400G leaf switch;2;26000;52000
Not included;;;
Facility cabling by customer;1;20000;20000
Alternatives;;;
8x H200 server instead of B200;2;270000;540000
Total offer;;;832000
""",
        {
            5: ASIDE,
            6: ("systems", "per system", 780_000, "in"),
            8: ("network", "per system", 52_000, "in"),
            10: ASKED,
            12: ("systems", "per system", 540_000, "optional"),
            13: ASIDE,
        },
        {"vendor": "Kronos Systems BV", "number": "O-9", "date": "2026-11-10", "currency": "EUR"},
    ),
    "German sections in the item's column": MadeUp(
        """Angebot;A-55;;
Lieferant;Kontor IT AG;;
Datum;01.11.2026;;
Beschreibung;Anzahl;Stückpreis;Summe
Hardware;;;
GPU-Knoten 8x H200;4;260.000,00;1.040.000,00
Software;;;
Betriebssystem-Lizenz, 3 Jahre;4;2.400,00;9.600,00
Services;;;
Pflege Betriebssystem p.a.;4;600,00;2.400,00
Optionale Leistungen;;;
Schulung 2 Tage;1;4.500,00;4.500,00
Zusätzlicher GPU-Knoten 8x H200;1;262.000,00;262.000,00
Zwischensumme ohne optionale Leistungen;;;1.052.000,00
""",
        {
            6: ("systems", "per system", 1_040_000, "in"),
            8: ("software", "per system", 9_600, "in"),
            10: ("support", "per system and year", 2_400, "in"),
            12: ("training", "once", 4_500, "optional"),
            13: ("systems", "per system", 262_000, "optional"),
            14: ASIDE,
        },
        {"vendor": "Kontor IT AG", "number": "A-55"},
    ),
    "French options and a commercial discount": MadeUp(
        """Devis D-77;;;;
ACME Calcul SAS;;;;
Date : 3 novembre 2026;;;;
Réf.;Désignation;Qté;P.U. HT;Montant HT
A1;Serveur GPU 8x B200 avec 2 To RAM;2;405 000,00;810 000,00
A2;Switch Ethernet 800G;2;48 000,00;96 000,00
A3;Installation et mise en service;1;14 000,00;14 000,00
A4;Contrat de maintenance annuel;2;16 000,00;32 000,00
A5;Option : extension de garantie 5 ans;2;30 000,00;60 000,00
;Remise commerciale;1;-20 000,00;-20 000,00
;Total HT hors option;;;932 000,00
;TVA 20%;;;186 400,00
""",
        {
            5: ("systems", "per system", 810_000, "in"),
            6: ("network", "per system", 96_000, "in"),
            7: ("installation", "once", 14_000, "in"),
            8: ("support", "per system and year", 32_000, "in"),
            9: ("warranty", "per system", 60_000, "optional"),
            10: ("discount", "once", -20_000, "in"),
            **dict.fromkeys((11, 12), ASIDE),
        },
        {"vendor": "ACME Calcul SAS", "number": "D-77", "date": "2026-11-03"},
    ),
    "lease with a deposit": MadeUp(
        """Lease proposal,LP-9,,,
Lessor,Harbour Leasing LLC,,,
Date,2026-11-09,,,
Term,60 months,,,
Currency,USD,,,
Asset description,Quantity,Equipment cost,Monthly payment per unit,Total monthly payment
GPU servers (8x H200 each),4,"260,000.00","5,720.00","22,880.00"
InfiniBand switches,2,"30,000.00",660.00,"1,320.00"
Delivery and installation (one-time),1,"9,000.00",,
Insurance,1,,400.00,400.00
Security deposit (refundable),1,,"24,000.00","24,000.00"
Total monthly,,,,"24,600.00"
""",
        {
            7: ("lease", "per system and month", 22_880, "in"),
            8: ("network", "per system and month", 1_320, "in"),
            9: ("delivery", "once", 9_000, "in"),
            10: ("other", "per month", 400, "in"),
            11: ASKED,
            12: ASIDE,
        },
        {"vendor": "Harbour Leasing LLC", "number": "LP-9", "term_months": 60, "acquisition": "lease"},
    ),
    "pasted from a page, sales tax without a rate": MadeUp(
        "Quotation\tQT-9001\nFrom\tPasteboard Systems Inc.\nDate\t2026-11-02\nCurrency\tUSD\n\n"
        "Line\tDescription\tQuantity\tUnit Price\tExtended Price\n"
        "1\t8x B200 air-cooled GPU server\t4\t415,000.00\t1,660,000.00\n"
        "2\tSupport uplift to 4h, 5 yrs prepaid\t4\t44,000.00\t176,000.00\n"
        "3\tOptical transceivers 800G\t128\t980.00\t125,440.00\n"
        "\tSubtotal\t\t\t1,961,440.00\n\tSales Tax\t\t\t164,000.00\n\tTotal\t\t\t2,125,440.00\n",
        {
            7: ("systems", "per system", 1_660_000, "in"),
            8: ("support", "per system", 176_000, "in"),
            9: ("network", "per system", 125_440, "in"),
            10: ASIDE,
            11: ASKED,
            12: ASIDE,
        },
        {"vendor": "Pasteboard Systems Inc.", "number": "QT-9001"},
    ),
    "support and licences of every kind": MadeUp(
        bought(
            "8x H200 GPU server;2;300000;600000\n"
            "Support 8 % of hardware per year;1;48000;48000\n"
            "Support 24x7 for 3 years billed annually;2;9000;18000\n"
            "Extended warranty years 4-5;2;15000;30000\n"
            "Software licences 12 months;16;3500;56000\n"
            "Management subscription 3 yr / billed monthly;16;30;480\n"
            "Software maintenance;4;500;2000\n"
        ),
        {
            6: MACHINE,
            7: ("support", "per system and year", 48_000, "in"),
            **dict.fromkeys((8, 9, 11, 12), ASKED),
            10: ("software", "per system", 56_000, "in"),
        },
    ),
    "parts of machines with prices of their own": MadeUp(
        bought(
            "NVIDIA H200 SXM GPU;32;31000;992000\nServer barebone 8-GPU;4;42000;168000\n"
            "CPU AMD EPYC 9575F;8;9000;72000\n"
            "Memory kit 2 TB;4;14000;56000\nNVMe 7.68TB;32;900;28800\nTotal;;;1316800\n"
        ),
        {**dict.fromkeys(range(6, 11), ASKED), 11: ASIDE},
    ),
    "machines that are not the ones meant": MadeUp(
        bought(
            "GPU compute node H200 x8 incl. 5y support and installation;4;310000;1240000\n"
            "XR-9000 AI appliance;2;300000;600000\nLogin node;1;9000;9000\nStorage server 60x NVMe;1;110000;110000\n"
            "GPU monitoring software;8;200;1600\nServer installation;1;5000;5000\n"
        ),
        {
            6: ("systems", "per system", 1_240_000, "in"),
            **dict.fromkeys((7, 8, 10), ASKED),
            9: ("storage", "per system", 110_000, "in"),
            11: ("installation", "once", 5_000, "in"),
        },
    ),
    "trade-in, and a discount without a sign": MadeUp(
        bought(
            "8x H200 GPU server;2;300000;600000\nTrade-in 8x A100 server;-4;25000;-100000\n"
            "Project discount;1;20000;20000\n"
            "Shipping and handling;;;4000\n"
        ),
        {6: MACHINE, 7: ASKED, 8: ASKED, 9: ("delivery", "once", 4_000, "in")},
    ),
    "the price of all under a heading that does not say": MadeUp(
        bought("8x H200 GPU server;2;600000\nSwitch;2;60000\nTotal;;660000\n", "Description;Qty;Price"),
        {6: MACHINE, 7: ("network", "per system", 60_000, "in"), 8: ASIDE},
    ),
    "a price that may be of one or of all": MadeUp(
        bought("8x H200 GPU server;2;600000\nSwitch;2;60000\n", "Description;Qty;Price"), {6: ASKED, 7: ASKED}
    ),
    "prices with tax in them": MadeUp(
        bought("8x H200 GPU server;2;300000;600000\nAll prices include VAT 20 %.;;;\n"), {6: ASKED, 7: ASIDE}
    ),
    "two tables, paid once and by the year": MadeUp(
        bought(
            "8x H200 GPU server;2;300000;600000\nSwitch;2;25000;50000\nTotal one-time;;;650000\n;;;\n"
            "Recurring charges;;;\n"
            "Service;Quantity;Price per year;Total per year\nHardware support;2;14000;28000\n"
            "Platform software subscription, per GPU;16;3600;57600\nTotal per year;;;85600\n"
        ),
        {
            6: MACHINE,
            7: ("network", "per system", 50_000, "in"),
            12: ("support", "per system and year", 28_000, "in"),
            13: ("software", "per accelerator and year", 57_600, "in"),
            **dict.fromkeys((8, 14), ASIDE),
        },
    ),
    "lines that a page break tears apart": MadeUp(
        """Quotation QB-3;;;;
Tornpage Systems Ltd;;;;
Date 14 Nov 2026;;;;
Line;Description;Qty;Unit price GBP;Total GBP
1;Titan 8-GPU server with;;;
;8x B200 and 3 TB RAM;2;398.000,00;796.000,00
2;On-site support, 60;2;41.000,00;82.000,00
;months, prepaid;;;
Page 1 of 2;;;;
Line;Description;Qty;Unit price GBP;Total GBP
3;Rack installation;1;9.000,00;9.000,00
;Net total;;;887.000,00
""",
        {
            5: ("systems", "per system", 796_000, "in"),
            7: ("support", "per system", 82_000, "in"),
            11: ("installation", "once", 9_000, "in"),
            12: ASIDE,
        },
        {"vendor": "Tornpage Systems Ltd", "number": "QB-3", "currency": "GBP"},
    ),
    "British, no number of its own cell, memory that belongs to the machines": MadeUp(
        """SUNDRELLIC SYSTEMS INTEGRATION LTD,,,,,
Proposal Ref: SSI/26/0412,,,,Date: 17 November 2026,
#,Item Description,Quantity,RRP (GBP),Net Unit (GBP),Net Total (GBP)
,Section 1 - Servers,,,,
1,GPU server 8U with 8 x NVIDIA H200 SXM5 and dual Xeon,5,"265,000.00","233,200.00","1,166,000.00"
2,Memory upgrade to 3 TB per server,5,"21,000.00","18,480.00","92,400.00"
,Section 2 - Networking,,,,
3,Spectrum-4 800GbE switch with support,2,"52,000.00","46,800.00","93,600.00"
,Optional items (not included in total),,,,
8,Administrator training (4 seats),4,"1,900.00","1,900.00","7,600.00"
,Total excluding VAT,,,,"1,352,000.00"
""",
        {
            5: ("systems", "per system", 1_166_000, "in"),
            6: ASKED,
            8: ("network", "per system", 93_600, "in"),
            10: ("training", "once", 7_600, "optional"),
            11: ASIDE,
        },
        {
            "vendor": "Sundrellic Systems Integration Ltd",
            "number": "SSI/26/0412",
            "date": "2026-11-17",
            "currency": "GBP",
        },
    ),
    "Japanese without English": MadeUp(
        """見積番号;K-77;;
会社名;Quorvath株式会社;;
見積日;2026年11月18日;;
品名;数量;単価(円);金額(円)
GPUサーバー(H200×8);2;45,000,000;90,000,000
ネットワークスイッチ;2;3,000,000;6,000,000
保守(5年);2;6,000,000;12,000,000
設置費用;1;1,500,000;1,500,000
小計;;;109,500,000
消費税(10%);;;10,950,000
合計;;;120,450,000
""",
        {
            5: ("systems", "per system", 90_000_000, "in"),
            6: ("network", "per system", 6_000_000, "in"),
            7: ("support", "per system", 12_000_000, "in"),
            8: ("installation", "once", 1_500_000, "in"),
            **dict.fromkeys((9, 10, 11), ASIDE),
        },
        {"vendor": "Quorvath株式会社", "number": "K-77", "date": "2026-11-18", "currency": "JPY"},
    ),
    "German prices of tokens with batch columns": MadeUp(
        """Anbieter;Halvorne Models AG;;;;
Preisliste;HM-11;;;;
Modell;Eingabe EUR/1 Mio. Token;Ausgabe EUR/1 Mio. Token;Cache-Treffer EUR/1 Mio. Token;Batch Eingabe;Batch Ausgabe
hm-gross;2,60;10,40;0,26;1,30;5,20
""",
        {
            4: ("api cached input", "per million tokens", 0.26, "in"),
        },
        {"vendor": "Halvorne Models AG", "number": "HM-11", "currency": "EUR", "acquisition": "api"},
    ),
    "support co-termed, the term in words": MadeUp(
        bought(
            "8x B200 server;2;;400000;800000\nServer support co-termed to 2029-12-31;2;36 months;36000;72000\n"
            "Software subscription per GPU;16;36 months;10500;168000\n"
            "Alternative: software subscription per GPU, 60 months;16;60 months;16000;256000\nTotal;;;;1040000\n",
            "Description;Qty;Term;Unit price;Total",
        ),
        {
            6: ("systems", "per system", 800_000, "in"),
            7: ("support", "per system", 72_000, "in"),
            8: ("software", "per accelerator", 168_000, "in"),
            9: ("software", "per accelerator", 256_000, "optional"),
            10: ASIDE,
        },
    ),
    "prices in thousands": MadeUp(
        bought("8x H200 GPU server;2;300;600\nSwitch;1;30;30\n", "Description;Qty;Unit price (k USD);Total (k USD)"),
        {6: ASKED, 7: ASKED},
    ),
    "a price before discount, the total after it": MadeUp(
        bought(
            "8x H200 GPU server;2;340000;10;612000\nSwitch;2;30000;5;57000\nInstallation;1;9000;0;9000\n",
            "Description;Qty;Unit price;Discount %;Total",
        ),
        {
            6: ("systems", "per system", 612_000, "in"),
            7: ("network", "per system", 57_000, "in"),
            8: ("installation", "once", 9_000, "in"),
        },
    ),
    "options in the middle of words": MadeUp(
        bought(
            "8x H200 GPU server;2;300000;600000\nTraining (optional), 3 days;1;5000;5000\n"
            "Switch, optional extra;1;30000;30000\n"
        ),
        {6: MACHINE, 7: ("training", "once", 5_000, "optional"), 8: ASKED},
    ),
    "sums of sections above their lines, a summary below the total": MadeUp(
        bought(
            "Hardware;;;650000\n8x H200 GPU server;2;300000;600000\nSwitch;2;25000;50000\nNetwork services;;;12000\n"
            "Network installation;1;12000;12000\nTotal;;;662000\nSummary;;;\nNetwork;;;50000\n"
        ),
        {
            6: ASIDE,
            7: MACHINE,
            8: ("network", "per system", 50_000, "in"),
            9: ASIDE,
            10: ("installation", "once", 12_000, "in"),
            11: ASIDE,
            13: ASKED,
        },
    ),
    "prices of tokens by the thousand in a note": MadeUp(
        "Prices in USD per 1,000 tokens;;\nModel;Input;Output\nbig;0.003;0.012\n",
        {3: ("api input", "per million tokens", 3, "in")},
    ),
    "prices of characters": MadeUp("Model;Input ($/1M characters);Output ($/1M characters)\nbig;3;12\n", {2: ASKED}),
    "prices that are paid only in some case": MadeUp(
        bought(
            "8x H200 GPU server;2;300000;600000\nRestocking fee if cancelled;1;50000;50000\n"
            "Deposit (refundable);1;100000;100000\nNetwork support and training;1;4000;4000\n"
        ),
        {6: MACHINE, **dict.fromkeys((7, 8, 9), ASKED)},
    ),
    "one price for everything": MadeUp(
        bought("AI cluster bundle: 4x 8-GPU H200 servers, switches, 3 years support;1;1500000;1500000\n"), {6: ASKED}
    ),
    "support by the years of its quantity": MadeUp(
        bought(
            "8x H200 GPU server;2;300000;600000\nManaged support (years);3;25000;75000\n"
            "Support years 1-3;2;20000;40000\n"
            "Support renewal per year from year 4;2;8000;16000\n"
        ),
        {6: MACHINE, **dict.fromkeys((7, 8, 9), ASKED)},
    ),
    "a lease in pairs": MadeUp(
        """Lessor,Harbor Point Leasing LLC
Lease proposal no.,HP-2210
Date,"November 12, 2026"
Equipment,4 x Dell XE9680 with 8 x H200
Equipment value,"1,240,000 USD"
Term,36 months
Monthly lease payment,"36,900 USD"
Maintenance per month,"2,100 USD"
Insurance,"740 USD"
Documentation fee,"1,500 USD"
Residual value,10 %
""",
        {
            5: ASIDE,
            7: ("lease", "per month", 36_900, "in"),
            8: ("support", "per system and month", 2_100, "in"),
            9: ASKED,
            10: ("other", "once", 1_500, "in"),
        },
        {"vendor": "Harbor Point Leasing LLC", "number": "HP-2210", "date": "2026-11-12", "currency": "USD"}
        | {"acquisition": "lease", "term_months": 36, "systems": 4},
    ),
    "a German lease in pairs, net and gross": MadeUp(
        """Leasinggeber;Gamma Leasing GmbH
Leasingangebot Nr.;G-3
Objekt;1 GPU-Server XE9680 mit 8 x H200
Laufzeit in Monaten;36 Monate
Leasingrate monatlich netto;9.225,00 EUR
zzgl. 19 % MwSt.;1.752,75 EUR
Leasingrate monatlich brutto;10.977,75 EUR
Bearbeitungsgebühr (einmalig);950,00 EUR
Summe aller Raten netto;332.100,00 EUR
Kaufpreis;310.000,00 EUR
Kaufoption nach Ablauf;31.000,00 EUR
""",
        {
            5: ("lease", "per month", 9_225, "in"),
            7: ASKED,
            8: ("other", "once", 950, "in"),
            **dict.fromkeys((6, 9, 10, 11), ASIDE),
        },
        {"vendor": "Gamma Leasing GmbH", "currency": "EUR", "systems": 1},
    ),
    "a lease in pairs that says neither of one nor of all": MadeUp(
        """Lessor;Beta Leasing LLC
Offer;B-1
Equipment;4 x HGX H200 8-GPU server
Lease term;36 months
Monthly payment;36,900 USD
Security deposit;73,800 USD
""",
        {5: ASKED, 6: ASKED},
        {"acquisition": "lease", "systems": 4},
    ),
    "leases by the accelerator": MadeUp(
        "Lessor;Theta Inc.;;\nTerm;36 months;;\nAsset;Quantity;Monthly rate per GPU (USD);Monthly total (USD)\n"
        "H200 SXM GPUs in HGX servers of 8;32;1,150.00;36,800.00\n",
        {4: ASKED},
    ),
    "a purchase in pairs": MadeUp(
        """Supplier;Keystone Systems Ltd
Quotation no.;KS-901
Equipment;2 x Supermicro HGX B200 8-GPU server
Price per server;415,000.00 USD
Shipping and insurance;6,500.00 USD
3-year support;72,000.00 USD
Total;908,500.00 USD
Delivery;10 weeks
""",
        {
            4: ("systems", "per system", 830_000, "in"),
            5: ("delivery", "once", 6_500, "in"),
            6: ("support", "per system", 72_000, "in"),
            7: ASIDE,
        },
        {"acquisition": "purchase", "systems": 2, "delivery_weeks": 10},
    ),
    "hours in pairs": MadeUp(
        "Provider;Nimbus GPU Inc.\nOffer;NG-12\nInstance;8x H100 SXM\nOn-demand price;2.95 USD per GPU-hour\n"
        "Reserved 12 months;2.20 USD per GPU-hour\nOnboarding fee (one-off);2,000 USD\n",
        {
            4: ("rental on demand", "per accelerator-hour", 2.95, "in"),
            5: ("rental committed", "per accelerator-hour", 2.2, "in"),
            6: ASKED,
        },
        {"acquisition": "rental"},
    ),
    "tokens in pairs": MadeUp(
        "Provider;Lumen AI SAS\nPrice list;L-11\nCurrency;USD\nInput tokens;3.00 USD per 1M tokens\n"
        "Output tokens;15.00 USD per 1M tokens\n",
        {
            4: ("api input", "per million tokens", 3, "in"),
            5: ("api output", "per million tokens", 15, "in"),
        },
        {"acquisition": "api"},
    ),
    "a column of options": MadeUp(
        bought(
            "8x H200 GPU server;N;4;300000;1200000\nCold spare GPU board;Y;1;210000;210000\nTotal;;;;1200000\n",
            "Item;Optional (Y/N);Qty;Unit price;Total",
        ),
        {
            6: ("systems", "per system", 1_200_000, "in"),
            7: ("spares", "per system", 210_000, "optional"),
            8: ASIDE,
        },
    ),
    "import tax, and machines by the set": MadeUp(
        bought(
            "HGX H200 server 8-GPU (set of 4);1;1240000;1240000\nImport VAT 21% (payable by buyer);1;260400;260400\n"
            "2x HGX B200 8-GPU servers;1;830000;830000\n2 socket server 8x H200;4;300000;1200000\n"
        ),
        {6: ASKED, 7: ASIDE, 8: ASKED, 9: ("systems", "per system", 1_200_000, "in")},
    ),
    "quantities under headings of their own": MadeUp(
        """Offer NV-1;;;
Vendor;Meridian Rack Systems Inc.;;
Description;Racks;USD per rack;USD total
GB300 NVL72 rack, 72 GPUs, liquid cooled;2 pcs;3900000;7800000
In-row CDU 1.3 MW;1 pcs;180000;180000
Total;;;7980000
""",
        {4: ("systems", "per system", 7_800_000, "in"), 5: ("other", "once", 180_000, "in"), 6: ASIDE},
    ),
    "an hour beside committed ones": MadeUp(
        "Provider;Orbit GPU BV;;;\nServer type;GPUs per server;Hourly rate (EUR per server)"
        ";1-year (EUR per server-hour);3-year (EUR per server-hour)\n8x H200 SXM;8;27.60;21.20;16.40\n",
        {3: ("rental on demand", "per system-hour", 27.6, "in")},
        {"vendor": "Orbit GPU BV", "currency": "EUR"},
    ),
    "money in headings that are else of units, and a total under an unknown one": MadeUp(
        "Offer;NVC-2;;;\nVendor;Rackline Ltd;;;\nComponent;Count;Unit GBP;Comes to;Note\n"
        "NVIDIA GB200 NVL72 rack;1;2950000;2950000;72 GPUs\nNetwork fabric;2;130000;260000;optional\n"
        "36-month NVIDIA AI Enterprise, per GPU;72;9600;691200;\n",
        {
            4: ("systems", "per system", 2_950_000, "in"),
            5: ("network", "per system", 260_000, "optional"),
            6: ("software", "per accelerator", 691_200, "in"),
        },
        {"vendor": "Rackline Ltd", "currency": "GBP"},
    ),
    "an amount cut at its mark of thousands": MadeUp(
        'Vendor,Acme\nCurrency,USD\nDescription,Qty,Unit price\nGPU server 8x H200,2,"300,000.00"\n'
        "Installation,1,5,000.00\n",
        {4: MACHINE, 5: ASKED},
    ),
    "a fee cut so behind its label": MadeUp(
        "Lessor: ACME Leasing\nCurrency: USD\nEquipment: 4 x GPU server 8x H200\nTerm: 36 months\n"
        "Monthly payment: 38,250.00\nDocumentation fee (once): 1,500.00\n",
        {5: ASKED, 6: ASKED},
    ),
    "a server with GPUs is no GPU": MadeUp(
        bought(
            "Lot A: GPU server 8x H200;8;300000;2400000\nLicence per GPU node per year;8;36000;288000\n",
            "Description;Qty;Price per GPU server;Total",
        ),
        {6: ("systems", "per system", 2_400_000, "in"), 7: ("software", "per system and year", 288_000, "in")},
    ),
    "a column says how often each line is billed": MadeUp(
        bought(
            "GPU server 8x H200;2;300000.00;600000.00;one-time\nPremium support;2;1500.00;3000.00;monthly\n"
            "Software licence per GPU;16;4500.00;72000.00;annual\nTraining;1;8000.00;8000.00;one-time\n",
            "Description;Qty;Unit price;Total;Billing",
        ),
        {
            6: MACHINE,
            7: ("support", "per system and month", 3_000, "in"),
            8: ("software", "per accelerator and year", 72_000, "in"),
            9: ("training", "once", 8_000, "in"),
        },
    ),
    "all prices in thousands of a currency": MadeUp(
        bought("GPU server 8x H200;2;300.0;600.0\nInstallation;1;5.0;5.0\n", "All prices in USD thousands;;;").replace(
            "thousands;;;\n", "thousands;;;\nDescription;Qty;Unit price;Total\n"
        ),
        {7: ASKED, 8: ASKED},
    ),
    "prices of an hour whose heading names money and machine alone": MadeUp(
        "Provider,GPU,Commitment,$/GPU-hr\nCloudY,H100 SXM,On-demand,2.99\nCloudY,H100 SXM,12 months,2.19\n",
        {
            2: ("rental on demand", "per accelerator-hour", 2.99, "in"),
            3: ("rental committed", "per accelerator-hour", 2.19, "in"),
        },
    ),
    "what a unit says of the time is not paid once": MadeUp(
        bought(
            "GPU server 8x H200;2;server;300000;600000\nStorage 100 TB;100;TB-month;20;2000\n"
            "Rack space;2;hour;80;160\n",
            "Description;Qty;Unit;Unit price;Total",
        ),
        {6: MACHINE, 7: ASKED, 8: ASKED},
    ),
    "a rate card whose machines stand under GPU": MadeUp(
        "GPU,On-demand $/GPU-hr,1-year reserved $/GPU-hr\nH200 SXM,3.99,3.10\n",
        {2: ("rental committed", "per accelerator-hour", 3.10, "in")},
    ),
}
